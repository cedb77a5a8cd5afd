"""Numbers of system calls on x86-64 and arm64, as the kernel's headers give them (Debian's linux-libc-dev).

python3 tests/reference/syscalls.py > tests/reference/syscalls.txt
"""
import re
import subprocess

NAMES = """socket connect bind listen accept accept4 ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise mount umount2 pivot_root chroot unshare setns
fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
init_module finit_module delete_module kexec_load kexec_file_load reboot memfd_create memfd_secret shmget shmat msgget semget mq_open open_by_handle_at name_to_handle_at
quotactl quotactl_fd swapon swapoff sethostname setdomainname settimeofday clock_settime clock_adjtime adjtimex iopl ioperm modify_ldt acct syslog personality lookup_dcookie
move_pages migrate_pages vmsplice fanotify_init vhangup nfsservctl clone clone3 ioctl""".split()


def numbers(header, *defines):
    """What the preprocessor makes of a header's __NR_ names."""
    source = f"#include <{header}>\n" + "".join(f"{n} = __NR_{n}\n" for n in NAMES)
    text = subprocess.run(["cpp", "-P", *defines, "-"], input=source, capture_output=True, text=True, check=True).stdout
    return {m[1]: int(eval(m[2])) for m in re.finditer(r"^(\w+) = ([0-9()+ ]+)$", text, re.M)}


x64 = numbers("asm/unistd_64.h")
arm64 = numbers("asm-generic/unistd.h", "-D__ARCH_WANT_RENAMEAT", "-D__ARCH_WANT_SYS_CLONE3", "-D__ARCH_WANT_MEMFD_SECRET")
for name in NAMES:
    print(name, x64.get(name, -1), arm64.get(name, -1))
