#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine.h"

// The parts that Glibc's module does not export to Swift: functions for GNU sources only, variadic
// functions, and the few lines between fork and exec, where only system calls may run.

extern int pipe2(int ends[2], int flags);

/// Makes a pipe whose ends are not inherited by children.
static inline int hector_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

/// Gives a pipe the largest buffer that an unprivileged process may have, or leaves it as it is.
static inline void hector_widen_pipe(int end) {
    enum { set_pipe_size = 1031 };  // F_SETPIPE_SZ, which glibc hides without _GNU_SOURCE
    (void)fcntl(end, set_pipe_size, 1 << 20);
}

/// Returns a descriptor that becomes readable when the process ends, or -1.
static inline int hector_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

static inline int hector_set_nonblocking(int descriptor) {
    return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

/// Returns the time when a file was made, in nanoseconds since 1970, or 0 if its file system does not
/// keep it: statx(2).
static inline long hector_birth_time(const char *path) {
    struct statx status = {0};
    if (syscall(SYS_statx, AT_FDCWD, path, 0, STATX_BTIME, &status) != 0) return 0;
    if ((status.stx_mask & STATX_BTIME) == 0) return 0;
    return status.stx_btime.tv_sec * 1000000000L + status.stx_btime.tv_nsec;
}

/// Returns the user who listens at the other end of a connected Unix socket, or -1: socket(7),
/// SO_PEERCRED.
static inline long hector_peer_user(int descriptor) {
    // struct ucred, which glibc hides without _GNU_SOURCE.
    struct { int process; unsigned int user; unsigned int group; } peer = {-1, -1U, -1U};
    socklen_t size = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
    return peer.user == -1U ? -1 : (long)peer.user;
}

/// Makes a file without a name, in memory: memfd_create(2). Returns -1 on failure.
static inline int hector_memory_file(void) {
    return (int)syscall(SYS_memfd_create, "hector", 1 /* MFD_CLOEXEC */);
}

extern int mkostemp(char *name, int flags);
extern int fallocate(int descriptor, int mode, off_t offset, off_t length);

/// Makes a file from a name that ends in XXXXXX. Children do not inherit the descriptor:
/// mkostemp(3).
static inline int hector_temporary_file(char *name) { return mkostemp(name, O_CLOEXEC); }

extern int sync_file_range(int descriptor, off_t offset, off_t length, unsigned int flags);

/// Lets the disk begin to write what was written to a file.
static inline void hector_start_writing(int descriptor) {
    (void)sync_file_range(descriptor, 0, 0, 2 /* SYNC_FILE_RANGE_WRITE */);
}

/// Gives a part of a file back to the disk, if its file system supports that.
static inline void hector_punch_hole(int descriptor, long offset, long length) {
    (void)fallocate(descriptor, 3 /* FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE */, offset, length);
}

extern int pthread_setattr_default_np(const pthread_attr_t *attributes);

/// Sets the default stack size for threads that are started from now on.
static inline void hector_set_stack_size(size_t size) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return;
    if (pthread_attr_setstacksize(&attributes, size) == 0)
        (void)pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
}

/// Returns 1 for a path, such as /dev/fd/63, that leads to a pipe without a name, and 0 for others.
static inline int hector_is_unnamed_pipe(const char *path) {
    enum { pipe_file_system = 0x50495045 };  // PIPEFS_MAGIC of <linux/magic.h>
    struct stat file;
    struct statfs place;
    return stat(path, &file) == 0 && S_ISFIFO(file.st_mode) && statfs(path, &place) == 0
        && place.f_type == pipe_file_system;
}

/// Returns the number of bytes that can be read from a pipe or socket at once; 0 for other
/// descriptors.
static inline int hector_bytes_to_read(int descriptor) {
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
}

/// Returns the width of a terminal in columns, or 0 if it is not a terminal or the width is
/// unknown.
static inline int hector_terminal_width(int descriptor) {
    struct winsize size = {0};
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// Returns the device behind a terminal's descriptor, in the kernel's encoding, or -1.
static inline long hector_terminal_device(int descriptor) {
    unsigned int device = 0;
    return ioctl(descriptor, TIOCGDEV, &device) == 0 ? (long)device : -1;
}

/// Opens a path that does not lead out of a directory: not by "..", not by a link, not as an
/// absolute path, and not while another process moves files.
///
/// Returns -1 with errno ENOSYS before Linux 5.6. Unless links may be
/// followed, a path with one in it is refused (ELOOP).
static inline int hector_open_beneath(
    int directory, const char *path, int flags, unsigned int mode, int follows_links
) {
    struct open_how how = {
        .flags = (unsigned int)flags,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS
            | (follows_links ? 0 : RESOLVE_NO_SYMLINKS),
    };
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

/// Gives two files each other's names at once: renameat2(2). Returns -1 on failure.
static inline int hector_exchange(const char *first, const char *second) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, first, AT_FDCWD, second, 2 /* RENAME_EXCHANGE */);
}

/// Writes what is pending on a descriptor's file system to its disk: syncfs(2).
static inline void hector_sync(int descriptor) {
    (void)syscall(SYS_syncfs, descriptor);
}

/// Returns O_PATH, which is for a descriptor that names a file and neither reads nor writes it.
static inline int hector_names_only(void) {
    return 010000000;
}

/// Keeps this process's memory from other processes of its user: it is not dumped and not traced.
/// prctl(2) is variadic. A program that this process runs is dumpable again.
static inline void hector_forbid_dumps(void) { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/// Returns 1 if this process may be dumped, and 0 if not.
static inline int hector_may_be_dumped(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1; }

/// Calls `found` with each name in a folder, without memory from the heap: getdents64(2).
static inline void hector_each_name(
    const char *folder, void (*found)(int folder, const char *name, const void *context),
    const void *context
) {
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) return;
    char block[4096] __attribute__((aligned(8)));
    long count;
    while ((count = syscall(SYS_getdents64, descriptor, block, sizeof block)) > 0) {
        for (long at = 0; at < count;) {
            // struct linux_dirent64: inode, offset, length, type, name.
            unsigned short length;
            __builtin_memcpy(&length, block + at + 16, sizeof length);
            found(descriptor, block + at + 19, context);
            at += length;
        }
    }
    close(descriptor);
}

/// The things that a guard removes.
struct hector_guarded {
    const char *prefix;
    const char *path;
};

/// Removes a file of a folder of sockets, and the second name of the socket.
static inline void hector_remove_socket(int folder, const char *name, const void *context) {
    const struct hector_guarded *guarded = context;
    struct stat own, served;
    if (fstatat(folder, name, &own, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(own.st_mode)) return;
    if (lstat(guarded->path, &served) == 0 && served.st_ino == own.st_ino
        && served.st_dev == own.st_dev)
        unlink(guarded->path);
    unlinkat(folder, name, 0);
}

/// Removes a folder of sockets whose name has the prefix.
static inline void hector_remove_folder(int parent, const char *name, const void *context) {
    const struct hector_guarded *guarded = context;
    if (__builtin_strncmp(name, guarded->prefix, __builtin_strlen(guarded->prefix)) != 0) return;
    struct stat own;
    if (fstatat(parent, name, &own, AT_SYMLINK_NOFOLLOW) != 0) return;
    // The note of a socket elsewhere is a link, which is not followed.
    if (!S_ISDIR(own.st_mode)) {
        if (S_ISLNK(own.st_mode)) unlinkat(parent, name, 0);
        return;
    }
    if (fchdir(parent) != 0) return;
    hector_each_name(name, hector_remove_socket, context);
    rmdir(name);
}

/// Starts a process that waits for the end of this one, and removes the folders of `folder` whose
/// names have the prefix, the socket at `path` if it is one of those in them, and the socket at
/// `settings` if it is the one of now; or until it reads a byte, and then does nothing. All paths are
/// absolute.
///
/// Only system calls run in it, since the locks of other threads may be held in the copy. It is no
/// child of this process, which so has only its plugin's process as a child.
///
/// Returns 0, or -1 if no process can be started.
static inline int hector_guard(
    int alive, const char *folder, const char *prefix, const char *path, const char *settings
) {
    struct stat now = {0};
    const int has_settings = lstat(settings, &now) == 0;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t child = fork();
    if (child != 0) {
        int status = -1;
        while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        return status == 0 ? 0 : -1;
    }
    const pid_t guard = fork();
    if (guard != 0) _exit(guard < 0);
    // Signals to the group of the server are not for it.
    setsid();
    dup2(alive, STDIN_FILENO);
    // Before Linux 5.9 there is no close_range, and an open copy of the other end would hide that
    // the server has ended.
    if (syscall(SYS_close_range, 1, ~0U, 0) != 0)
        for (int descriptor = 1; descriptor < 65536; descriptor++) close(descriptor);
    char byte;
    long count;
    while ((count = read(STDIN_FILENO, &byte, 1)) < 0 && errno == EINTR) {}
    if (count != 0) _exit(0);
    const struct hector_guarded guarded = {prefix, path};
    hector_each_name(folder, hector_remove_folder, &guarded);
    struct stat later;
    // The next server may have the same number for its socket, but not the same time.
    if (has_settings && lstat(settings, &later) == 0 && later.st_ino == now.st_ino
        && later.st_dev == now.st_dev && later.st_ctim.tv_sec == now.st_ctim.tv_sec
        && later.st_ctim.tv_nsec == now.st_ctim.tv_nsec)
        unlink(settings);
    _exit(0);
}

/// The process group and session of a program that is started.
enum hector_place {
    /// This process's group, so that it may use the terminal.
    hector_place_here,
    /// A new process group.
    hector_place_group,
    /// A new session, which does not have a terminal.
    hector_place_session,
    /// A new process group, which gets the terminal if there is one.
    hector_place_foreground,
};

/// Puts this process's group in the foreground of the terminal, and returns 1. Succeeds if there is
/// no terminal.
static inline int hector_take_terminal(void) {
    const int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0) return 1;
    // SIGTTOU is blocked here, or this process would be stopped.
    tcsetpgrp(terminal, getpgrp());
    close(terminal);
    return 1;
}

/// Starts a program with signals as a shell leaves them: Swift's threads block most and filters
/// ignore SIGPIPE, and the program would inherit that (swiftlang/swift-corelibs-foundation#4772).
///
/// The program is killed when the *thread* that called this ends, for whatever reason: prctl(2),
/// PR_SET_PDEATHSIG. posix_spawn cannot request that.
///
/// Returns its process id, or -1 with errno set by the call that failed, including exec.
///
/// A directory of -1 means this process's working directory. A memory of 0 means no limit; another
/// number of bytes is the most that the program and each that it starts may have of their own:
/// address space that is only reserved, as runtimes do, does not count (setrlimit(2), RLIMIT_DATA).
/// A confinement, which may be NULL, is put into force before the program runs; it is used once.
static inline pid_t hector_spawn(
    enum hector_place place, int directory,
    const char *path, char *const arguments[], char *const environment[],
    int input, int output, int errors, long memory, struct hector_confinement *confinement
) {
    // The child shares this memory until it has become the program.
    volatile int failure = 0;
    // The soft and the hard limit. Swift gets the constants from Glibc's module, which a header here
    // would hide.
    const unsigned long long memory_limits[] = {
        (unsigned long long)memory, (unsigned long long)memory
    };
    sigset_t all, before, none;
    sigfillset(&all);
    sigemptyset(&none);
    // Without this, a handler of ours could run in the child.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t parent = getpid();
    const pid_t child = vfork();
    if (child == 0) {
        struct sigaction standard = {.sa_handler = SIG_DFL};
        for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
        if (((place != hector_place_group && place != hector_place_foreground)
                || setpgid(0, 0) == 0)
            && (place != hector_place_foreground || hector_take_terminal())
            && (place != hector_place_session || setsid() >= 0)
            && (directory < 0 || fchdir(directory) == 0)
            && (memory <= 0
                || syscall(SYS_prlimit64, 0, 2 /* RLIMIT_DATA */, memory_limits, NULL) == 0)
            && (confinement == NULL || hector_confine_files(confinement) == 0)
            && (confinement == NULL || hector_confine_calls(confinement) == 0)
            && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0
            && dup2(input, STDIN_FILENO) >= 0
            && dup2(output, STDOUT_FILENO) >= 0
            && dup2(errors, STDERR_FILENO) >= 0) {
            // The parent may have ended before prctl took effect.
            if (getppid() != parent) _exit(127);
            // A shell's <(…) is not close-on-exec. Before Linux 5.9 this does nothing.
            syscall(SYS_close_range, 3, ~0U, 0);
            // A ^Z that came meanwhile would stop the child before exec, and the thread that waits
            // here would wait forever. Ignoring a signal discards it.
            const int stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};
            struct sigaction ignored = {.sa_handler = SIG_IGN};
            for (int index = 0; index < 3; index++) {
                sigaction(stops[index], &ignored, NULL);
                sigaction(stops[index], &standard, NULL);
            }
            sigprocmask(SIG_SETMASK, &none, NULL);
            if (confinement == NULL) execve(path, arguments, environment);
            else hector_confined_exec(confinement, path, arguments, environment);
        }
        failure = errno;
        _exit(127);
    }
    if (child < 0) failure = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure == 0) return child;
    // The child never became the program, so it has to be reaped here.
    if (child > 0) while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    errno = failure;
    return -1;
}
