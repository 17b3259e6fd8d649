#!/usr/bin/python3
"""A program that tries what a confined plugin must not do, and says what came of it.

It prints `NAME: DONE` for what it could do, or the name of the error. It harms only what the test
gives it: a home directory (HOME), servers (TCP_PORT, OTHER_PORT, UNIX_SOCKET, ABSTRACT_SOCKET) and
processes (VICTIM, and the parent, which gets signal 0). With --plugin it prints to standard error,
as a plugin does that does not get far.
"""

import ctypes
import errno
import fcntl
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import threading

LIBC = ctypes.CDLL(None, use_errno=True)
IS_INTEL = platform.machine() == "x86_64"
# x86-64, then the numbers that AArch64 shares with all newer kinds of machine.
CALLS = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "unshare": (272, 97),
    "clone": (56, 220), "setns": (308, 268), "io_uring_setup": (425, 425), "mount": (165, 40),
    "bpf": (321, 280), "keyctl": (250, 219), "shmget": (29, 194), "memfd_create": (319, 279),
    "tgkill": (234, 131), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "execve": (59, 221), "clone3": (435, 435), "openat2": (437, 437), "ioprio_set": (251, 30),
}
OUTPUT = sys.stderr if "--plugin" in sys.argv else sys.stdout


def say(text):
    print(text, file=OUTPUT, flush=True)


def attempt(name, body):
    try:
        body()
        say(f"{name}: DONE")
    except OSError as error:
        say(f"{name}: {errno.errorcode.get(error.errno, error.errno)}")
    except subprocess.SubprocessError:
        say(f"{name}: FAILED")


def call(name, *arguments):
    number = CALLS[name][0 if IS_INTEL else 1]
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    result = LIBC.syscall(ctypes.c_long(number), *words)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def in_child(body):
    """Runs what replaces the process in a child, if there can be one."""
    try:
        child = os.fork()
    except OSError:
        body()
        return
    if child == 0:
        try:
            body()
        except OSError as error:
            os._exit(error.errno)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status:
        raise OSError(status >> 8, "in a child")


def fork():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as made:
        made.settimeout(5)
        made.connect(address)


def send_from_pair(kind, address):
    ends = socket.socketpair(socket.AF_UNIX, kind)
    ends[0].sendto(b"x", address)


def empty_by_openat2(path):
    how = (ctypes.c_uint64 * 3)(os.O_TRUNC, 0, 0)
    os.close(call("openat2", -100, ctypes.c_char_p(path.encode()), how, 24))


def survive_the_parent():
    if LIBC.prctl(1, 0, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    # As it was.
    LIBC.prctl(1, signal.SIGKILL, 0, 0, 0)


def change_mode(path):
    with open(path) as opened:
        # To what it is, for those who may.
        os.fchmod(opened.fileno(), os.fstat(opened.fileno()).st_mode & 0o777)


def change_times(path):
    with open(path) as opened:
        os.utime(opened.fileno())


def set_attribute(path):
    with open(path) as opened:
        os.setxattr(opened.fileno(), "user.x", b"x")


def execute_memory():
    made = call("memfd_create", ctypes.c_char_p(b"x"), 0)
    with open("/bin/true", "rb") as program:
        os.write(made, program.read())
    in_child(lambda: os.execve(made, ["true"], {}))


def signal_by_file(victim):
    ends = os.pipe()
    fcntl.fcntl(ends[0], fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(ends[0], fcntl.F_SETOWN, victim)
    fcntl.fcntl(ends[0], fcntl.F_SETFL, os.O_ASYNC)
    os.write(ends[1], b"x")


HOME = os.environ["HOME"]
PARENT = os.getppid()

say("descriptors: " + " ".join(sorted(set(os.listdir("/proc/self/fd")) - {"3"})))

attempt("list the home directory", lambda: os.listdir(HOME))
attempt("read a key", lambda: open(f"{HOME}/.ssh/id").close())
attempt("read a key by /proc", lambda: open(f"/proc/self/root{HOME}/.ssh/id").close())
attempt("read /etc/shadow", lambda: open("/etc/shadow").close())
attempt("write .bashrc", lambda: open(f"{HOME}/.bashrc", "a").close())
attempt("empty .bashrc", lambda: os.truncate(f"{HOME}/.bashrc", 0))
attempt("empty .bashrc by opening", lambda: os.open(f"{HOME}/.bashrc", os.O_TRUNC))
attempt("empty .bashrc by opening it for ioctl", lambda: os.open(
    f"{HOME}/.bashrc", os.O_TRUNC | os.O_ACCMODE))
attempt("empty .bashrc by openat2", lambda: empty_by_openat2(f"{HOME}/.bashrc"))
attempt("delete .bashrc", lambda: os.unlink(f"{HOME}/.bashrc"))
attempt("link .bashrc", lambda: os.link(f"{HOME}/.bashrc", f"{HOME}/other"))
attempt("publish a key", lambda: os.chmod(f"{HOME}/.ssh/id", 0o644))
attempt("make a file", lambda: open(f"{HOME}/file", "w").close())
attempt("change the mode of its own program", lambda: change_mode(sys.argv[0]))
attempt("set the times of its own program", lambda: change_times(sys.argv[0]))
attempt("give its own program an attribute", lambda: set_attribute(sys.argv[0]))

attempt("connect to TCP", lambda: connect(
    socket.AF_INET, ("127.0.0.1", int(os.environ["TCP_PORT"]))))
attempt("connect to another port", lambda: connect(
    socket.AF_INET, ("127.0.0.1", int(os.environ["OTHER_PORT"]))))
attempt("make a raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("make a packet socket", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt("make an MPTCP socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262))
attempt("send a datagram", lambda: socket.socket(
    socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)))
attempt("connect to a Unix socket", lambda: connect(
    socket.AF_UNIX, os.environ["UNIX_SOCKET"]))
attempt("connect to an abstract socket", lambda: connect(
    socket.AF_UNIX, "\0" + os.environ["ABSTRACT_SOCKET"]))
attempt("send to a Unix socket", lambda: send_from_pair(
    socket.SOCK_DGRAM, os.environ["UNIX_SOCKET"]))
attempt("send to a Unix socket from a raw one", lambda: send_from_pair(
    socket.SOCK_RAW, os.environ["UNIX_SOCKET"]))

attempt("start a shell", lambda: subprocess.run(["/bin/sh", "-c", "exit 0"], check=True))
attempt("start true", lambda: subprocess.run(["/bin/true"], check=True))
attempt("become a shell", lambda: in_child(
    lambda: os.execv("/bin/sh", ["sh", "-c", "exit 0"])))
attempt("fork", fork)
attempt("spawn", lambda: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0))
attempt("execute memory", execute_memory)

attempt("leave its group", lambda: os.setpgid(0, os.getpgid(os.getppid())))
attempt("begin a session", os.setsid)
attempt("survive its parent", survive_the_parent)

VICTIM = int(os.environ["VICTIM"])
attempt("move another process to a processor", lambda: os.sched_setaffinity(VICTIM, {0}))
attempt("make another process idle", lambda: os.sched_setscheduler(
    VICTIM, os.SCHED_IDLE, os.sched_param(0)))
attempt("slow another process down", lambda: os.setpriority(os.PRIO_PROCESS, VICTIM, 19))
attempt("slow a group down", lambda: os.setpriority(
    os.PRIO_PGRP, 0, os.getpriority(os.PRIO_PROCESS, 0)))
attempt("slow another process's files down", lambda: call("ioprio_set", 1, VICTIM, 3 << 13))
attempt("kill", lambda: os.kill(VICTIM, 9))
attempt("kill a thread", lambda: call("tgkill", VICTIM, VICTIM, 9))
attempt("kill a thread by its number", lambda: call("tkill", VICTIM, 9))
attempt("kill with a value", lambda: call(
    "rt_sigqueueinfo", VICTIM, 9, ctypes.create_string_buffer(128)))
attempt("kill by a descriptor", lambda: signal.pidfd_send_signal(os.pidfd_open(VICTIM), 9))
try:
    # This may be held when the signal is sent, so only the victim can tell.
    signal_by_file(VICTIM)
except OSError:
    pass
attempt("limit another process", lambda: resource.prlimit(VICTIM, resource.RLIMIT_CPU, (0, 0)))
attempt("signal the parent", lambda: os.kill(PARENT, 0))

attempt("trace the parent", lambda: call("ptrace", 0x4206, PARENT, 0, 0))
attempt("read the parent's memory", lambda: call("process_vm_readv", PARENT, 0, 0, 0, 0, 0))
for name in ["mem", "environ", "maps"]:
    attempt(f"open the parent's {name}", lambda: open(f"/proc/{PARENT}/{name}", "rb").read(1))
attempt("list the parent's files", lambda: os.listdir(f"/proc/{PARENT}/fd"))

attempt("make a user namespace", lambda: call("unshare", 0x10000000))
attempt("make a mount namespace", lambda: call("unshare", 0x00020000))
attempt("clone into a user namespace", lambda: in_child(
    lambda: call("clone", 0x10000000 | 17, 0, 0, 0, 0) or os._exit(0)))
attempt("clone3", lambda: call("clone3", 0, 0))
attempt("join a namespace", lambda: call("setns", 0, 0))
attempt("use io_uring", lambda: call("io_uring_setup", 8, ctypes.create_string_buffer(120)))
attempt("mount", lambda: call(
    "mount", ctypes.c_char_p(b"none"), ctypes.c_char_p(HOME.encode()),
    ctypes.c_char_p(b"tmpfs"), 0, 0))
attempt("load a program into the kernel", lambda: call("bpf", 0, 0, 0))
attempt("use a keyring", lambda: call("keyctl", 0, 0))

# What it may do all the same.
attempt("may read a library", lambda: os.listdir("/usr/lib"))
attempt("may read a command line", lambda: open(f"/proc/{PARENT}/cmdline").close())
attempt("may read about a thread", lambda: open(f"/proc/{threading.get_native_id()}/stat").close())
attempt("may write to /dev/null", lambda: open("/dev/null", "w").close())
attempt("may slow itself down", lambda: os.setpriority(
    os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0)))
attempt("may be anywhere", lambda: os.sched_setaffinity(0, os.sched_getaffinity(0)))
attempt("may have a pair of sockets", socket.socketpair)
attempt("may signal itself", lambda: os.kill(os.getpid(), 0))
attempt("may start a thread", lambda: threading.Thread(target=lambda: None).start())
if "OWN_FOLDER" in os.environ:
    FOLDER = os.environ["OWN_FOLDER"]
    attempt("may write to its folder", lambda: open(f"{FOLDER}/file", "w").close())

    def listen():
        made = socket.socket(socket.AF_UNIX)
        made.bind(f"{FOLDER}/own")
        made.listen()
        say(f"listens: {made.getsockname()}")
        attempt("connect to a Unix socket afterwards", lambda: connect(
            socket.AF_UNIX, os.environ["UNIX_SOCKET"]))
        if "--wait" in sys.argv:
            made.accept()[0].sendall(b"hello")
    attempt("may listen", listen)
for path in os.environ.get("READABLE", "").split():
    attempt(f"may read {path}", lambda: open(path).close())
    attempt(f"append to {path}", lambda: open(path, "a").close())
say("end")
