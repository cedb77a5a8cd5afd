using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Meed.Rewards.Code;

/// <summary>The system calls a sandboxed program may not make, as a classic BPF program for the kernel's seccomp.</summary>
/// <remarks>
/// What is named here fails with EPERM: sockets of any family, tracing and reading other processes, namespaces and mounts, kernel keys, BPF, performance
/// counters, io_uring, modules, clocks, swap, anonymous memory files and System V or POSIX shared memory and queues (none of which a limit counts).
/// <c>clone</c> fails when it asks for a namespace, <c>clone3</c> is unknown (its flags lie in memory that a filter cannot read; libraries then use <c>clone</c>),
/// <c>ioctl</c> may not push characters into a terminal. Calls of another architecture kill the process.
/// <para>Layout: struct seccomp_data { int nr; u32 arch; u64 ip; u64 args[6]; }, struct sock_filter { u16 code; u8 jt, jf; u32 k; }; linux/seccomp.h, linux/filter.h.</para>
/// </remarks>
internal static class SeccompFilter
{
    internal const uint Allow = 0x7fff0000, Kill = 0x80000000, Deny = 0x00050000 | 1, Unknown = 0x00050000 | 38;
    internal const uint ArchX64 = 0xC000003E, ArchArm64 = 0xC00000B7;

    /// <summary>CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.</summary>
    private const uint NewNamespaces = 0x7E020000;

    private const ushort Load = 0x20, JumpEqual = 0x15, JumpAtLeast = 0x35, JumpAnyBit = 0x45, Return = 0x06;

    /// <summary>Denied calls with their numbers on x86-64 and arm64; −1 where the architecture has none.</summary>
    internal static readonly (string Name, int X64, int Arm64)[] Denied =
    [
        ("socket", 41, 198), ("connect", 42, 203), ("bind", 49, 200), ("listen", 50, 201), ("accept", 43, 202), ("accept4", 288, 242),
        ("ptrace", 101, 117), ("process_vm_readv", 310, 270), ("process_vm_writev", 311, 271), ("kcmp", 312, 272), ("pidfd_getfd", 438, 438), ("process_madvise", 440, 440),
        ("mount", 165, 40), ("umount2", 166, 39), ("pivot_root", 155, 41), ("chroot", 161, 51), ("unshare", 272, 97), ("setns", 308, 268),
        ("fsopen", 430, 430), ("fsconfig", 431, 431), ("fsmount", 432, 432), ("fspick", 433, 433), ("open_tree", 428, 428), ("move_mount", 429, 429), ("mount_setattr", 442, 442),
        ("keyctl", 250, 219), ("add_key", 248, 217), ("request_key", 249, 218), ("bpf", 321, 280), ("perf_event_open", 298, 241), ("userfaultfd", 323, 282),
        ("io_uring_setup", 425, 425), ("io_uring_enter", 426, 426), ("io_uring_register", 427, 427),
        ("init_module", 175, 105), ("finit_module", 313, 273), ("delete_module", 176, 106), ("kexec_load", 246, 104), ("kexec_file_load", 320, 294), ("reboot", 169, 142),
        ("memfd_create", 319, 279), ("memfd_secret", 447, 447), ("shmget", 29, 194), ("shmat", 30, 196), ("msgget", 68, 186), ("semget", 64, 190), ("mq_open", 240, 180),
        ("open_by_handle_at", 304, 265), ("name_to_handle_at", 303, 264), ("quotactl", 179, 60), ("quotactl_fd", 443, 443), ("swapon", 167, 224), ("swapoff", 168, 225),
        ("sethostname", 170, 161), ("setdomainname", 171, 162), ("settimeofday", 164, 170), ("clock_settime", 227, 112), ("clock_adjtime", 305, 266), ("adjtimex", 159, 171),
        ("iopl", 172, -1), ("ioperm", 173, -1), ("modify_ldt", 154, -1), ("acct", 163, 89), ("syslog", 103, 116), ("personality", 135, 92), ("lookup_dcookie", 212, 18),
        ("move_pages", 279, 239), ("migrate_pages", 256, 238), ("vmsplice", 278, 75), ("fanotify_init", 300, 262), ("vhangup", 153, 58), ("nfsservctl", 180, 42),
    ];

    private static readonly (int X64, int Arm64) s_clone = (56, 220), s_clone3 = (435, 435), s_ioctl = (16, 29);

    /// <summary>True where the filter knows the numbers of the machine's system calls.</summary>
    public static bool Supported => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>The filter of this machine, 8 bytes an instruction.</summary>
    public static byte[] ForThisMachine() => Build(RuntimeInformation.ProcessArchitecture == Architecture.X64);

    internal static byte[] Build(bool x64)
    {
        var code = new List<(ushort Code, byte True, byte False, uint K)>
        {
            (Load, 0, 0, 4),
            (JumpEqual, 1, 0, x64 ? ArchX64 : ArchArm64),
            (Return, 0, 0, Kill),
            (Load, 0, 0, 0),
        };

        if (x64)
        {
            code.Add((JumpAtLeast, 0, 1, 0x40000000));   // the x32 numbers of the same calls
            code.Add((Return, 0, 0, Unknown));
        }

        void Arguments(int number, int argument, params (ushort Code, uint K)[] denied)
        {
            // Skips its own block unless the call has this number; arguments are little-endian, the low half comes first.
            int length = 1 + denied.Length + 2;
            code.Add((JumpEqual, 0, (byte)length, (uint)number));
            code.Add((Load, 0, 0, (uint)(16 + 8 * argument)));
            for (int i = 0; i < denied.Length; i++)
            {
                code.Add((denied[i].Code, (byte)(denied.Length - i), 0, denied[i].K));
            }

            code.Add((Return, 0, 0, Allow));
            code.Add((Return, 0, 0, Deny));
        }

        Arguments(x64 ? s_clone.X64 : s_clone.Arm64, 0, (JumpAnyBit, NewNamespaces));
        Arguments(x64 ? s_ioctl.X64 : s_ioctl.Arm64, 1, (JumpEqual, 0x5412), (JumpEqual, 0x541C));   // TIOCSTI, TIOCLINUX
        code.Add((JumpEqual, 0, 1, (uint)(x64 ? s_clone3.X64 : s_clone3.Arm64)));
        code.Add((Return, 0, 0, Unknown));
        var numbers = Denied.Select(d => x64 ? d.X64 : d.Arm64).Where(n => n >= 0).ToArray();
        for (int i = 0; i < numbers.Length; i++)
        {
            code.Add((JumpEqual, (byte)(numbers.Length - i), 0, (uint)numbers[i]));
        }

        code.Add((Return, 0, 0, Allow));
        code.Add((Return, 0, 0, Deny));

        var bytes = new byte[code.Count * 8];
        for (int i = 0; i < code.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8 * i), code[i].Code);
            bytes[8 * i + 2] = code[i].True;
            bytes[8 * i + 3] = code[i].False;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8 * i + 4), code[i].K);
        }

        return bytes;
    }
}
