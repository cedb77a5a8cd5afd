using System.Buffers.Binary;
using Meed.Rewards.Code;

namespace Meed.Rewards.Tests.Code;

/// <summary>The filter, run by an interpreter of the BPF instructions it uses, for every call it names and for those it must let pass.</summary>
public class SeccompFilterTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Build_NamedCalls_AreDeniedAndOthersPass(bool x64)
    {
        var filter = SeccompFilter.Build(x64);
        uint arch = x64 ? SeccompFilter.ArchX64 : SeccompFilter.ArchArm64;
        var denied = SeccompFilter.Denied.Select(d => x64 ? d.X64 : d.Arm64).Where(n => n >= 0).ToHashSet();
        int clone = x64 ? 56 : 220, clone3 = 435, ioctl = x64 ? 16 : 29;
        for (int n = 0; n < 600; n++)
        {
            uint expected = denied.Contains(n) ? SeccompFilter.Deny : n == clone3 ? SeccompFilter.Unknown : SeccompFilter.Allow;
            Assert.True(expected == Run(filter, n, arch), $"call {n}");
        }

        Assert.Equal(SeccompFilter.Allow, Run(filter, clone, arch, 0x01200011));            // fork
        Assert.Equal(SeccompFilter.Allow, Run(filter, clone, arch, 0x003d0f00));            // a thread
        foreach (uint flag in (uint[])[0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
        {
            Assert.Equal(SeccompFilter.Deny, Run(filter, clone, arch, flag | 0x11));
        }

        Assert.Equal(SeccompFilter.Deny, Run(filter, ioctl, arch, 0, 0x5412));              // TIOCSTI
        Assert.Equal(SeccompFilter.Deny, Run(filter, ioctl, arch, 0, 0x541C));              // TIOCLINUX
        Assert.Equal(SeccompFilter.Deny, Run(filter, ioctl, arch, 0, 0xFFFFFFFF_00005412)); // the kernel looks at the low half
        Assert.Equal(SeccompFilter.Allow, Run(filter, ioctl, arch, 0, 0x5401));             // TCGETS
        Assert.Equal(SeccompFilter.Kill, Run(filter, 0, 0x40000003));                       // i386
        if (x64)
        {
            Assert.Equal(SeccompFilter.Unknown, Run(filter, 0x40000000 + 41, arch));        // x32 socket
        }
    }

    // tests/reference/syscalls.py: the numbers of the kernel's own headers.
    [Fact]
    public void Denied_Numbers_AreThoseOfTheKernel()
    {
        var numbers = File.ReadLines(Path.Combine(DataFiles.Repository, "tests/reference/syscalls.txt")).Select(static l => l.Split(' ')).ToDictionary(static f => f[0], static f => $"{f[1]} {f[2]}");

        foreach (var (name, x64, arm64) in SeccompFilter.Denied)
        {
            Assert.Equal($"{name} {numbers[name]}", $"{name} {x64} {arm64}");
        }
    }

    [Fact]
    public void Denied_Numbers_AreOneEach()
    {
        Assert.Equal(SeccompFilter.Denied.Length, SeccompFilter.Denied.Select(d => d.Name).Distinct().Count());
        Assert.Equal(SeccompFilter.Denied.Length, SeccompFilter.Denied.Select(d => d.X64).Distinct().Count());
        Assert.Contains($"a seccomp filter of {SeccompFilter.Denied.Length} denied system calls", File.ReadAllText(Path.Combine(DataFiles.Repository, "docs/rewards/code.md")));
    }

    private static uint Run(byte[] filter, int number, uint arch, ulong first = 0, ulong second = 0)
    {
        var data = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), arch);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16), first);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(24), second);
        uint a = 0;
        for (int at = 0; ; at++)
        {
            var instruction = filter.AsSpan(8 * at, 8);
            uint k = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20: a = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)k)); break;
                case 0x15: at += a == k ? instruction[2] : instruction[3]; break;
                case 0x35: at += a >= k ? instruction[2] : instruction[3]; break;
                case 0x45: at += (a & k) != 0 ? instruction[2] : instruction[3]; break;
                case 0x06: return k;
                default: Assert.Fail($"Instruction {at} is none that the filter uses."); return 0;
            }
        }
    }
}
