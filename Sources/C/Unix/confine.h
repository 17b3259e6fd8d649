#pragma once

// Limits that the kernel keeps on a program and on all that it starts: Landlock for files, TCP
// ports and signals, a seccomp filter for system calls, and no new privileges. The parent prepares
// them; between fork and exec they are only put into force.
//
// Constants that the headers of Debian 12 do not have are given here with their names in Linux.

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#if defined(__x86_64__)
#define HECTOR_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define HECTOR_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

// Landlock's rights, each from some version of its interface on.
enum {
    hector_fs_execute = 1 << 0,
    hector_fs_write_file = 1 << 1,
    hector_fs_read_file = 1 << 2,
    hector_fs_read_dir = 1 << 3,
    hector_fs_refer = 1 << 13,       // 2
    hector_fs_truncate = 1 << 14,    // 3
    hector_fs_ioctl_dev = 1 << 15,   // 5
    hector_fs_resolve_unix = 1 << 16,  // 9
    hector_net_bind_tcp = 1 << 0,      // 4
    hector_net_connect_tcp = 1 << 1,   // 4
    hector_scope_abstract_unix = 1 << 0,  // 6
    hector_scope_signal = 1 << 1,         // 6
};

/// Returns the version of Landlock's interface; 0 if the kernel does not have it.
static inline int hector_landlock_version(void) {
    const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1u << 0);
    return version < 0 ? 0 : (int)version;
}

/// Tells whether the kernel can filter system calls of this machine's kind.
static inline int hector_has_filters(void) {
#ifdef HECTOR_AUDIT_ARCH
    unsigned action = SECCOMP_RET_USER_NOTIF;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
#else
    return 0;
#endif
}

/// Makes a set of Landlock's rules, or returns -1.
static inline int hector_landlock_ruleset(uint64_t files, uint64_t network, uint64_t scopes) {
    struct {
        uint64_t files, network, scopes;
    } attributes = {files, network, scopes};
    // An older kernel refuses members that it does not know unless they are 0.
    return (int)syscall(
        SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
}

/// Allows what is at or below an open file. Returns 0, or -1.
static inline int hector_landlock_allow_path(int ruleset, int file, uint64_t rights) {
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = file};
    return (int)syscall(
        SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/// Allows a TCP port. Returns 0, or -1.
static inline int hector_landlock_allow_port(int ruleset, uint64_t port, uint64_t rights) {
    struct {
        uint64_t rights, port;
    } rule = {rights, port};
    enum { rule_net_port = 2 };
    return (int)syscall(SYS_landlock_add_rule, ruleset, rule_net_port, &rule, 0);
}

/// The parts of a filter.
enum hector_filter_part {
    /// The program starts no process and no other program.
    hector_filter_starts_nothing = 1 << 0,
    /// The program starts whatever it wants.
    hector_filter_starts_anything = 1 << 1,
    /// The program connects nowhere.
    hector_filter_no_network = 1 << 2,
    /// Only some ports are allowed, which Landlock sees to.
    hector_filter_some_ports = 1 << 3,
    /// Unix sockets may be made and connected.
    hector_filter_unix_sockets = 1 << 4,
    /// The parent is asked for each new Unix socket and for each bind(2).
    hector_filter_asks_for_sockets = 1 << 5,
    /// Landlock does not know about signals.
    hector_filter_signals = 1 << 6,
    /// Landlock does not know about truncation.
    hector_filter_truncation = 1 << 7,
    /// No file that is open is given other permissions, owners or attributes.
    hector_filter_keeps_properties = 1 << 8,
};

enum { hector_filter_longest = 768, hector_filter_most_own_ids = 16 };

/// A filter of system calls that is being written.
struct hector_filter {
    struct sock_filter code[hector_filter_longest];
    int count;
    /// The instructions that compare with the id of the process, which is known only after the
    /// fork.
    int own_ids[hector_filter_most_own_ids];
    int own_id_count;
    /// The beginning of the part for the system call that is being written.
    int section;
};

/// The limits of one program, ready to be put into force once.
struct hector_confinement {
    struct hector_filter filter;
    unsigned filter_flags;
    int ruleset;
    /// The rights on the program's own folder in /proc.
    uint64_t own_process;
    /// The capabilities that stay, if the program has any.
    uint64_t capabilities;
    /// The words that only the first execve(2) has, in registers that it does not use.
    uint64_t secret[2];
    /// The socket to which the listener of the filter is sent, or -1.
    int channel;
};

// MARK: Writing a filter

static inline void hector_filter_add(
    struct hector_filter *filter, uint16_t code, uint32_t value, uint8_t yes, uint8_t no
) {
    // The last instruction stays free for one that ends the program.
    if (filter->count < hector_filter_longest - 1)
        filter->code[filter->count++] = (struct sock_filter){code, yes, no, value};
}

static inline void hector_filter_return(struct hector_filter *filter, uint32_t action) {
    hector_filter_add(filter, BPF_RET | BPF_K, action, 0, 0);
}

static inline void hector_filter_refuse(struct hector_filter *filter, int error) {
    hector_filter_return(filter, SECCOMP_RET_ERRNO | (uint32_t)error);
}

static inline void hector_filter_allow(struct hector_filter *filter) {
    hector_filter_return(filter, SECCOMP_RET_ALLOW);
}

/// Loads the lower half of an argument. Both kinds of machine here are little-endian.
static inline void hector_filter_load(struct hector_filter *filter, int argument) {
    hector_filter_add(
        filter, BPF_LD | BPF_W | BPF_ABS,
        (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (size_t)argument), 0, 0);
}

static inline void hector_filter_load_upper(struct hector_filter *filter, int argument) {
    hector_filter_add(
        filter, BPF_LD | BPF_W | BPF_ABS,
        (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (size_t)argument + 4), 0, 0);
}

/// Skips the next instructions unless the loaded value is this one.
static inline void hector_filter_unless_equal(
    struct hector_filter *filter, uint32_t value, uint8_t skipped
) {
    hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped);
}

/// Skips the next instructions unless the loaded value has one of these bits.
static inline void hector_filter_unless_set(
    struct hector_filter *filter, uint32_t bits, uint8_t skipped
) {
    hector_filter_add(filter, BPF_JMP | BPF_JSET | BPF_K, bits, 0, skipped);
}

static inline void hector_filter_mask(struct hector_filter *filter, uint32_t bits) {
    hector_filter_add(filter, BPF_ALU | BPF_AND | BPF_K, bits, 0, 0);
}

/// Allows the call if the loaded value is the id of the process.
static inline void hector_filter_allow_own_id(struct hector_filter *filter) {
    if (filter->own_id_count < hector_filter_most_own_ids)
        filter->own_ids[filter->own_id_count++] = filter->count;
    hector_filter_unless_equal(filter, 0, 1);
    hector_filter_allow(filter);
}

/// Begins the part for a system call; each path through it ends with a result.
static inline void hector_filter_begin(struct hector_filter *filter, int call) {
    filter->section = filter->count;
    hector_filter_unless_equal(filter, (uint32_t)call, 0);
}

static inline void hector_filter_end(struct hector_filter *filter) {
    filter->code[filter->section].jf = (uint8_t)(filter->count - filter->section - 1);
}

static inline void hector_filter_refuse_call(struct hector_filter *filter, int call, int error) {
    hector_filter_begin(filter, call);
    hector_filter_refuse(filter, error);
    hector_filter_end(filter);
}

/// The calls that no confined program may make, whatever it starts and connects to.
static const int hector_refused_calls[] = {
    SYS_acct, SYS_add_key, SYS_bpf, SYS_chroot, SYS_clock_settime, SYS_delete_module,
    SYS_fanotify_init, SYS_finit_module, SYS_fsconfig, SYS_fsmount, SYS_fsopen, SYS_fspick,
    SYS_init_module, SYS_kexec_file_load, SYS_kexec_load, SYS_keyctl, SYS_mount,
    SYS_mount_setattr, SYS_move_mount, SYS_name_to_handle_at, SYS_open_by_handle_at,
    SYS_open_tree, SYS_perf_event_open, SYS_pivot_root, SYS_quotactl, SYS_quotactl_fd,
    SYS_reboot, SYS_request_key, SYS_setdomainname, SYS_sethostname, SYS_setns,
    SYS_settimeofday, SYS_swapoff, SYS_swapon, SYS_syslog, SYS_umount2, SYS_userfaultfd,
    SYS_vhangup,
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm,
#endif
};

/// The calls that reach into other processes. Landlock limits them to the programs that a confined
/// one has started, which may be debuggers if it starts anything.
static const int hector_refused_reaches[] = {
    SYS_kcmp, SYS_migrate_pages, SYS_move_pages, SYS_pidfd_getfd, SYS_process_madvise,
    SYS_process_vm_readv, SYS_process_vm_writev, SYS_ptrace,
    // System V's and POSIX's means of communication are not files, so Landlock does not see them.
    SYS_mq_open, SYS_mq_unlink, SYS_msgget, SYS_msgctl, SYS_msgrcv, SYS_msgsnd, SYS_semctl,
    SYS_semget, SYS_semop, SYS_semtimedop, SYS_shmat, SYS_shmctl, SYS_shmget,
};

/// The calls that change the properties of files by their path, which Landlock does not see. A
/// program that starts others needs them: make(1), git(1) and tar(1) do.
static const int hector_refused_changes[] = {
    SYS_fchmodat, SYS_fchownat, SYS_inotify_add_watch, SYS_lremovexattr, SYS_lsetxattr,
    SYS_removexattr, SYS_setxattr,
#ifdef SYS_chmod
    SYS_chmod, SYS_chown, SYS_futimesat, SYS_lchown, SYS_utime, SYS_utimes,
#endif
    452,  // fchmodat2
    463, 466,  // setxattrat, removexattrat
    469,  // file_setattr
};

/// The same by a descriptor, for which reading the file is enough.
static const int hector_refused_changes_of_open_files[] = {
    SYS_fchmod, SYS_fchown, SYS_fremovexattr, SYS_fsetxattr,
};

enum {
    hector_new_namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC
        | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
    hector_new_time_namespace = 0x80,
};

static inline void hector_filter_processes(struct hector_filter *filter, unsigned parts) {
    const int starts_nothing = (parts & hector_filter_starts_nothing) != 0;
    // The flags of clone3 are in memory. C libraries fall back to clone without it.
    hector_filter_refuse_call(filter, SYS_clone3, ENOSYS);
    hector_filter_begin(filter, SYS_clone);
    hector_filter_load(filter, 0);
    hector_filter_unless_set(filter, hector_new_namespaces, 1);
    hector_filter_refuse(filter, EPERM);
    if (starts_nothing) {
        hector_filter_unless_set(filter, CLONE_THREAD, 1);
        hector_filter_allow(filter);
        hector_filter_refuse(filter, EPERM);
    }
    hector_filter_allow(filter);
    hector_filter_end(filter);
    hector_filter_begin(filter, SYS_unshare);
    hector_filter_load(filter, 0);
    hector_filter_unless_set(filter, hector_new_namespaces | hector_new_time_namespace, 1);
    hector_filter_refuse(filter, EPERM);
    hector_filter_allow(filter);
    hector_filter_end(filter);
    if (starts_nothing) {
#ifdef SYS_fork
        hector_filter_refuse_call(filter, SYS_fork, EPERM);
        hector_filter_refuse_call(filter, SYS_vfork, EPERM);
#endif
        hector_filter_refuse_call(filter, SYS_execveat, EPERM);
        // It stays in the group that the parent ends, and ends with the parent, which asks for that
        // with SIGKILL right before the exec.
        hector_filter_refuse_call(filter, SYS_setpgid, EPERM);
        hector_filter_refuse_call(filter, SYS_setsid, EPERM);
        hector_filter_begin(filter, SYS_prctl);
        hector_filter_load(filter, 0);
        hector_filter_unless_equal(filter, PR_SET_PDEATHSIG, 3);
        hector_filter_load(filter, 1);
        hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, SIGKILL, 1, 0);
        hector_filter_refuse(filter, EPERM);
        hector_filter_allow(filter);
        hector_filter_end(filter);
    } else if (!(parts & hector_filter_starts_anything)) {
        // A file in memory could be executed although Landlock allows only some programs. With
        // this flag it cannot: MFD_NOEXEC_SEAL.
        hector_filter_begin(filter, SYS_memfd_create);
        hector_filter_load(filter, 1);
        hector_filter_unless_set(filter, 8, 1);
        hector_filter_allow(filter);
        hector_filter_refuse(filter, EPERM);
        hector_filter_end(filter);
    }
    if (!(parts & hector_filter_starts_anything)) {
        hector_filter_refuse_call(filter, SYS_memfd_secret, EPERM);
        for (size_t i = 0; i < sizeof hector_refused_reaches / sizeof *hector_refused_reaches; i++)
            hector_filter_refuse_call(filter, hector_refused_reaches[i], EPERM);
    }
}

/// Allows only the execve(2) with two words that cannot be guessed, which is the one that starts
/// the program. The kernel clears the registers that hold them, and nothing else knows them.
static inline void hector_filter_first_exec(
    struct hector_filter *filter, const uint64_t secret[2]
) {
    hector_filter_begin(filter, SYS_execve);
    for (int word = 0; word < 2; word++) {
        hector_filter_load(filter, 4 + word);
        hector_filter_unless_equal(filter, (uint32_t)secret[word], (uint8_t)(7 - 4 * word));
        hector_filter_load_upper(filter, 4 + word);
        hector_filter_unless_equal(
            filter, (uint32_t)(secret[word] >> 32), (uint8_t)(5 - 4 * word));
    }
    hector_filter_allow(filter);
    hector_filter_refuse(filter, EPERM);
    hector_filter_end(filter);
}

static inline void hector_filter_sockets(struct hector_filter *filter, unsigned parts) {
    enum { type_mask = 0xf, tcp_fast_open = 0x20000000 };
    const uint32_t unix_stream =
        parts & hector_filter_asks_for_sockets ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ALLOW;
    hector_filter_begin(filter, SYS_socket);
    hector_filter_load(filter, 0);
    if (parts & hector_filter_unix_sockets) {
        hector_filter_unless_equal(filter, AF_UNIX, 1);
        hector_filter_allow(filter);
    } else {
        // A datagram socket could send without having been connected.
        hector_filter_unless_equal(filter, AF_UNIX, 5);
        hector_filter_load(filter, 1);
        hector_filter_mask(filter, type_mask);
        hector_filter_unless_equal(filter, SOCK_STREAM, 1);
        hector_filter_return(filter, unix_stream);
        hector_filter_refuse(filter, EPERM);
    }
    if (!(parts & hector_filter_no_network)) {
        // getaddrinfo(3) asks for the addresses of this machine.
        hector_filter_unless_equal(filter, AF_NETLINK, 4);
        hector_filter_load(filter, 2);
        hector_filter_unless_equal(filter, 0, 1);
        hector_filter_allow(filter);
        hector_filter_refuse(filter, EAFNOSUPPORT);
        hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 1, 0);
        hector_filter_unless_equal(filter, AF_INET6, parts & hector_filter_some_ports ? 11 : 6);
        hector_filter_load(filter, 1);
        hector_filter_mask(filter, type_mask);
        hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 2, 0);
        hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, SOCK_DGRAM, 1, 0);
        hector_filter_refuse(filter, EPERM);
        if (parts & hector_filter_some_ports) {
            // Landlock's ports are those of TCP only, not of its relatives.
            hector_filter_load(filter, 2);
            hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0);
            hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 2, 0);
            hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 1, 0);
            hector_filter_refuse(filter, EPROTONOSUPPORT);
        }
        hector_filter_allow(filter);
    }
    hector_filter_refuse(filter, EAFNOSUPPORT);
    hector_filter_end(filter);
    if (!(parts & hector_filter_unix_sockets)) {
        // An end of any other kind could send to a path. To the kernel SOCK_RAW is SOCK_DGRAM here.
        hector_filter_begin(filter, SYS_socketpair);
        hector_filter_load(filter, 0);
        hector_filter_unless_equal(filter, AF_UNIX, 5);
        hector_filter_load(filter, 1);
        hector_filter_mask(filter, type_mask);
        hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 1, 0);
        hector_filter_unless_equal(filter, SOCK_SEQPACKET, 1);
        hector_filter_allow(filter);
        hector_filter_refuse(filter, EPERM);
        hector_filter_end(filter);
    }
    if ((parts & hector_filter_no_network) && !(parts & hector_filter_unix_sockets))
        hector_filter_refuse_call(filter, SYS_connect, EACCES);
    if (parts & hector_filter_asks_for_sockets) {
        hector_filter_begin(filter, SYS_bind);
        hector_filter_return(filter, SECCOMP_RET_USER_NOTIF);
        hector_filter_end(filter);
        // A listener of its own would be asked before the parent is.
        hector_filter_begin(filter, SYS_seccomp);
        hector_filter_load(filter, 1);
        hector_filter_unless_set(filter, SECCOMP_FILTER_FLAG_NEW_LISTENER, 1);
        hector_filter_refuse(filter, EPERM);
        hector_filter_allow(filter);
        hector_filter_end(filter);
    }
    if (parts & hector_filter_some_ports) {
        // TCP Fast Open connects without the call that Landlock watches.
        const int calls[] = {SYS_sendto, SYS_sendmsg, SYS_sendmmsg};
        const int flags[] = {3, 2, 3};
        for (int i = 0; i < 3; i++) {
            hector_filter_begin(filter, calls[i]);
            hector_filter_load(filter, flags[i]);
            hector_filter_unless_set(filter, tcp_fast_open, 1);
            hector_filter_refuse(filter, EPERM);
            hector_filter_allow(filter);
            hector_filter_end(filter);
        }
    }
}

/// Limits signals to the process itself, where Landlock does not.
static inline void hector_filter_signal_calls(struct hector_filter *filter) {
    const int calls[] = {SYS_kill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        hector_filter_begin(filter, calls[i]);
        hector_filter_load(filter, 0);
        hector_filter_allow_own_id(filter);
        hector_filter_refuse(filter, EPERM);
        hector_filter_end(filter);
    }
    hector_filter_refuse_call(filter, SYS_tkill, EPERM);
    hector_filter_refuse_call(filter, SYS_pidfd_send_signal, EPERM);
    // F_SETOWN, F_SETSIG and F_SETOWN_EX have the kernel send signals.
    hector_filter_begin(filter, SYS_fcntl);
    hector_filter_load(filter, 1);
    const uint32_t commands[] = {8, 10, 15};
    for (int i = 0; i < 3; i++) {
        hector_filter_unless_equal(filter, commands[i], 1);
        hector_filter_refuse(filter, EPERM);
    }
    hector_filter_allow(filter);
    hector_filter_end(filter);
}

static inline void hector_filter_truncation_calls(struct hector_filter *filter) {
    hector_filter_refuse_call(filter, SYS_truncate, EPERM);
#ifdef SYS_open
    const int calls[] = {SYS_openat, SYS_open};
#else
    const int calls[] = {SYS_openat};
#endif
    for (int i = 0; i < (int)(sizeof calls / sizeof *calls); i++) {
        hector_filter_begin(filter, calls[i]);
        hector_filter_load(filter, 2 - i);
        // Only a file that is opened to be written has been checked: neither one for reading nor one
        // in the mode 3, which is for ioctl(2) alone.
        hector_filter_unless_set(filter, O_TRUNC, 4);
        hector_filter_mask(filter, O_ACCMODE);
        hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, O_WRONLY, 2, 0);
        hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, O_RDWR, 1, 0);
        hector_filter_refuse(filter, EPERM);
        hector_filter_allow(filter);
        hector_filter_end(filter);
    }
    // Its flags are in memory, which a filter cannot see.
    hector_filter_refuse_call(filter, SYS_openat2, ENOSYS);
}

/// Limits the calls that give processes their processors and their share of them to the process
/// itself: another one of the user could be stalled. A thread may be set only by 0, by itself.
static inline void hector_filter_scheduling_calls(struct hector_filter *filter) {
    const int calls[] = {
        SYS_sched_setaffinity, SYS_sched_setattr, SYS_sched_setparam, SYS_sched_setscheduler,
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        hector_filter_begin(filter, calls[i]);
        hector_filter_load(filter, 0);
        hector_filter_unless_equal(filter, 0, 1);
        hector_filter_allow(filter);
        hector_filter_allow_own_id(filter);
        hector_filter_refuse(filter, EPERM);
        hector_filter_end(filter);
    }
    // PRIO_PROCESS and IOPRIO_WHO_PROCESS; the others are groups and users.
    const int priorities[] = {SYS_setpriority, SYS_ioprio_set};
    const uint32_t process[] = {0, 1};
    for (int i = 0; i < 2; i++) {
        hector_filter_begin(filter, priorities[i]);
        hector_filter_load(filter, 0);
        hector_filter_unless_equal(filter, process[i], 5);
        hector_filter_load(filter, 1);
        hector_filter_unless_equal(filter, 0, 1);
        hector_filter_allow(filter);
        hector_filter_allow_own_id(filter);
        hector_filter_refuse(filter, EPERM);
        hector_filter_end(filter);
    }
}

/// Writes the filter of a program. Returns 0, or -1 if it is too long or there is none for this
/// machine.
static inline int hector_filter_write(
    struct hector_filter *filter, unsigned parts, const uint64_t secret[2]
) {
#ifdef HECTOR_AUDIT_ARCH
    enum { first_call_of_x32 = 0x40000000 };
    memset(filter, 0, sizeof *filter);
    hector_filter_add(
        filter, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
    // Calls of another kind of machine have other numbers.
    hector_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, HECTOR_AUDIT_ARCH, 1, 0);
    hector_filter_return(filter, SECCOMP_RET_KILL_PROCESS);
    hector_filter_add(filter, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
    hector_filter_add(filter, BPF_JMP | BPF_JGE | BPF_K, first_call_of_x32, 0, 1);
    hector_filter_refuse(filter, ENOSYS);

    hector_filter_processes(filter, parts);
    if (parts & hector_filter_starts_nothing) {
        hector_filter_first_exec(filter, secret);
        for (size_t i = 0; i < sizeof hector_refused_changes / sizeof *hector_refused_changes; i++)
            hector_filter_refuse_call(filter, hector_refused_changes[i], EPERM);
    }
    const int keeps_properties = (parts & hector_filter_keeps_properties) != 0;
    if (parts & hector_filter_starts_nothing) {
        // Without a path it sets the times of an open file.
        hector_filter_begin(filter, SYS_utimensat);
        if (!keeps_properties) {
            hector_filter_load(filter, 1);
            hector_filter_unless_equal(filter, 0, 3);
            hector_filter_load_upper(filter, 1);
            hector_filter_unless_equal(filter, 0, 1);
            hector_filter_allow(filter);
        }
        hector_filter_refuse(filter, EPERM);
        hector_filter_end(filter);
    }
    const size_t changes = sizeof hector_refused_changes_of_open_files
        / sizeof *hector_refused_changes_of_open_files;
    for (size_t i = 0; keeps_properties && i < changes; i++)
        hector_filter_refuse_call(filter, hector_refused_changes_of_open_files[i], EPERM);
    hector_filter_sockets(filter, parts);
    if (parts & hector_filter_signals) hector_filter_signal_calls(filter);
    if (parts & hector_filter_truncation) hector_filter_truncation_calls(filter);
    if (!(parts & hector_filter_starts_anything)) hector_filter_scheduling_calls(filter);

    // Another process could be ended by the limits that it is given.
    hector_filter_begin(filter, SYS_prlimit64);
    hector_filter_load(filter, 0);
    hector_filter_unless_equal(filter, 0, 1);
    hector_filter_allow(filter);
    hector_filter_allow_own_id(filter);
    hector_filter_load(filter, 2);
    hector_filter_unless_equal(filter, 0, 3);
    hector_filter_load_upper(filter, 2);
    hector_filter_unless_equal(filter, 0, 1);
    hector_filter_allow(filter);
    hector_filter_refuse(filter, EPERM);
    hector_filter_end(filter);

    hector_filter_begin(filter, SYS_ioctl);
    hector_filter_load(filter, 1);
    // These type into a terminal (TIOCSTI, TIOCLINUX) or have the kernel send signals (FIOSETOWN,
    // SIOCSPGRP).
    const uint32_t requests[] = {0x5412, 0x541c, 0x8901, 0x8902};
    for (int i = 0; i < 4; i++) {
        hector_filter_unless_equal(filter, requests[i], 1);
        hector_filter_refuse(filter, EPERM);
    }
    // FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR, FS_IOC_SETVERSION.
    const uint32_t properties[] = {0x40086602, 0x401c5820, 0x40087602};
    for (int i = 0; keeps_properties && i < 3; i++) {
        hector_filter_unless_equal(filter, properties[i], 1);
        hector_filter_refuse(filter, EPERM);
    }
    hector_filter_allow(filter);
    hector_filter_end(filter);

    hector_filter_refuse_call(filter, SYS_io_uring_setup, ENOSYS);
    hector_filter_refuse_call(filter, SYS_io_uring_enter, ENOSYS);
    hector_filter_refuse_call(filter, SYS_io_uring_register, ENOSYS);
    for (size_t i = 0; i < sizeof hector_refused_calls / sizeof *hector_refused_calls; i++)
        hector_filter_refuse_call(filter, hector_refused_calls[i], EPERM);
    hector_filter_allow(filter);
    return filter->count < hector_filter_longest - 1 ? 0 : -1;
#else
    return -1;
#endif
}

// MARK: Between fork and exec

/// Drops the capabilities that are not to stay. Returns 0, or -1.
static inline int hector_drop_capabilities(uint64_t kept) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0}};
    if (syscall(SYS_capget, &header, data) != 0) return -1;
    const uint64_t permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    if ((permitted & ~kept) == 0) return 0;
    // Refused without CAP_SETPCAP, with which alone it would matter.
    for (int number = 0; number < 64; number++) {
        if (kept & (uint64_t)1 << number) continue;
        if (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0) break;
    }
    for (int half = 0; half < 2; half++) {
        const uint32_t mask = (uint32_t)(kept >> 32 * half);
        data[half].permitted &= mask;
        data[half].effective &= mask;
        data[half].inheritable &= mask;
    }
    return (int)syscall(SYS_capset, &header, data);
}

/// Puts the limits on files into force. Returns 0, or -1.
static inline int hector_confine_files(const struct hector_confinement *confinement) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    // Without /proc there is nothing to allow.
    const int process = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (process >= 0)
        hector_landlock_allow_path(confinement->ruleset, process, confinement->own_process);
    if (syscall(SYS_landlock_restrict_self, confinement->ruleset, 0) != 0) return -1;
    return hector_drop_capabilities(confinement->capabilities);
}

/// Sends a descriptor over a Unix socket. Returns 0, or -1.
static inline int hector_send_descriptor(int channel, int descriptor) {
    char byte = 0;
    struct iovec vector = {&byte, 1};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1,
        .msg_control = control.bytes, .msg_controllen = sizeof control.bytes,
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    return sendmsg(channel, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

/// Receives a descriptor over a Unix socket, or returns -1.
static inline int hector_receive_descriptor(int channel) {
    char byte;
    struct iovec vector = {&byte, 1};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1,
        .msg_control = control.bytes, .msg_controllen = sizeof control.bytes,
    };
    enum { close_on_exec = 0x40000000 };  // MSG_CMSG_CLOEXEC
    ssize_t count;
    do count = recvmsg(channel, &message, close_on_exec); while (count < 0 && errno == EINTR);
    struct cmsghdr *header = count == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header == NULL || header->cmsg_type != SCM_RIGHTS) return -1;
    int descriptor;
    memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return descriptor;
}

/// Puts the filter of system calls into force. Returns 0, or -1.
static inline int hector_confine_calls(struct hector_confinement *confinement) {
    struct hector_filter *filter = &confinement->filter;
    for (int i = 0; i < filter->own_id_count; i++)
        filter->code[filter->own_ids[i]].k = (uint32_t)getpid();
    struct sock_fprog program = {(unsigned short)filter->count, filter->code};
    const long result = syscall(
        SYS_seccomp, SECCOMP_SET_MODE_FILTER, confinement->filter_flags, &program);
    if (result < 0) return -1;
    if (!(confinement->filter_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)) return 0;
    return hector_send_descriptor(confinement->channel, (int)result);
}

/// Executes a program in the way that its filter allows.
static inline void hector_confined_exec(
    const struct hector_confinement *confinement,
    const char *path, char *const arguments[], char *const environment[]
) {
    syscall(
        SYS_execve, path, arguments, environment, 0, confinement->secret[0],
        confinement->secret[1]);
}

// MARK: Answering the kernel's questions about a program's calls

/// The call that a question is about.
enum hector_request {
    hector_request_socket,
    hector_request_bind,
    hector_request_other,
};

/// Waits for a question. Returns 0, or -1.
static inline int hector_next_request(int listener, struct seccomp_notif *request) {
    memset(request, 0, sizeof *request);
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, request);
}

static inline enum hector_request hector_request_kind(const struct seccomp_notif *request) {
    switch (request->data.nr) {
    case SYS_socket: return hector_request_socket;
    case SYS_bind: return hector_request_bind;
    default: return hector_request_other;
    }
}

/// Returns the descriptor of the socket that bind(2) is called with.
static inline int hector_request_descriptor(const struct seccomp_notif *request) {
    return (int)request->data.args[0];
}

/// Returns the type and flags that socket(2) is called with.
static inline int hector_request_type(const struct seccomp_notif *request) {
    return (int)request->data.args[1];
}

static inline int hector_send_answer(
    int listener, const struct seccomp_notif *request, int64_t value, int error, unsigned flags
) {
    struct seccomp_notif_resp answer = {
        .id = request->id, .val = value, .error = -error, .flags = flags,
    };
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

/// Has the call return a value, or fail with an error. Returns 0, or -1.
static inline int hector_answer(
    int listener, const struct seccomp_notif *request, int64_t value, int error
) {
    return hector_send_answer(listener, request, value, error, 0);
}

/// Has the kernel carry the call out. Returns 0, or -1.
static inline int hector_continue(int listener, const struct seccomp_notif *request) {
    return hector_send_answer(listener, request, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}

/// Gives the program a copy of a descriptor, and returns its number there, or -1.
static inline int hector_give_descriptor(
    int listener, const struct seccomp_notif *request, int descriptor
) {
    struct seccomp_notif_addfd given = {
        .id = request->id, .srcfd = (uint32_t)descriptor,
        .newfd_flags = request->data.args[1] & SOCK_CLOEXEC ? O_CLOEXEC : 0,
    };
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &given);
}
