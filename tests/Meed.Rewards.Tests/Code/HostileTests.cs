using System.Net;
using System.Net.Sockets;
using Meed.Rewards.Code;

namespace Meed.Rewards.Tests.Code;

/// <summary>Programs that attack the machine. Each prints BREACH and what it reached; none may.</summary>
public class HostileTests
{
    private static readonly CodeLimits s_limits = new() { Cpu = TimeSpan.FromSeconds(1), Idle = TimeSpan.FromSeconds(0.5), Memory = 128 << 20, Processes = 8, Output = 1 << 16, Disk = 1 << 20 };

    public static TheoryData<string, string, string> Programs() => new()
    {
        { "fork bomb", "import os\nn = 0\nwhile True:\n    try:\n        if os.fork() == 0: continue\n        n += 1\n    except OSError: pass\n    if n > 64: print('BREACH')", "over_cpu" },
        { "thread bomb", "import threading, time\nn = 0\ntry:\n    for _ in range(1000):\n        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n        n += 1\nexcept RuntimeError: pass\nprint('BREACH' if n > 16 else 'held')", "" },
        { "memory bomb", "a = []\ntry:\n    while True: a.append(bytearray(1 << 20))\nexcept MemoryError: pass\nprint('BREACH' if len(a) > 128 else 'held')", "" },
        { "memory of many processes", "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        a = bytearray(90 << 20)\n        for i in range(0, len(a), 4096): a[i] = 1\n        time.sleep(0.4)\n        os._exit(0)\ntry:\n    while True: os.wait()\nexcept ChildProcessError: print('BREACH')", "over_memory" },
        { "memory files", "import os\ntry:\n    os.memfd_create('x')\n    print('BREACH')\nexcept OSError: print('held')", "" },
        { "shared memory", "import ctypes\nl = ctypes.CDLL(None)\nprint('BREACH' if l.shmget(0, 1 << 30, 0o1600) >= 0 else 'held')", "" },
        { "endless output", "while True: print('x' * 4000)", "too_much_output" },
        { "endless errors", "import sys\nwhile True: print('x' * 4000, file=sys.stderr)", "too_much_output" },
        { "full disk", "n = 0\nimport signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\ntry:\n    for i in range(100):\n        with open(f'/tmp/{i}', 'wb') as f: n += f.write(b'x' * (1 << 18))\nexcept OSError: pass\nprint('BREACH' if n > 1 << 20 else 'held')", "" },
        { "writing elsewhere", "import os\nfor d in ('/', '/usr', '/usr/bin', '/usr/lib/python3', '/dev', '/dev/shm', '/program', '/bin', '/etc', '/proc/sys/kernel', '/home', '/root', '/var/tmp'):\n    try:\n        open(os.path.join(d, 'meed'), 'w')\n        print('BREACH', d)\n    except OSError: pass\nfor f in ('/usr/bin/env', '/program/main.py', '/proc/sys/kernel/hostname'):\n    try:\n        with open(f, 'r+b') as h: h.write(h.read(1))\n        print('BREACH', f)\n    except OSError: pass\nprint('held')", "" },
        { "reading elsewhere", "import os\nfor f in ('/etc/passwd', '/etc/shadow', '/root', '/home', '/var', '/sys', '/work', '/mnt', '/boot', '/proc/kcore', '/dev/mem', '/dev/sda', '/dev/vda', 'SECRET'):\n    try:\n        os.listdir(f) if os.path.isdir(f) else open(f, 'rb').read(1)\n        print('BREACH', f)\n    except OSError: pass\nprint('held')", "" },
        { "symlinks", "import os\nfor t in ('SECRET', '/etc/passwd', '/proc/1/root/etc/passwd', '/proc/1/cwd'):\n    os.path.lexists('/tmp/l') and os.remove('/tmp/l')\n    os.symlink(t, '/tmp/l')\n    try:\n        open('/tmp/l', 'rb').read(1)\n        print('BREACH', t)\n    except OSError: pass\nprint('held')", "" },
        { "sockets", "import socket\nfor family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET, 38, 40):\n    try:\n        socket.socket(family, socket.SOCK_STREAM if family != socket.AF_PACKET else socket.SOCK_RAW)\n        print('BREACH', family)\n    except OSError: pass\nprint('held')", "" },
        { "connecting", "import socket\ntry:\n    socket.create_connection(('127.0.0.1', PORT), 1)\n    print('BREACH')\nexcept OSError: print('held')", "" },
        { "sleep", "import time\ntime.sleep(1000)\nprint('BREACH')", "idle" },
        { "sleep behind signals", "import signal, time\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nwhile True: time.sleep(1)", "idle" },
        { "stopping itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nprint('BREACH')", "idle" },
        { "spinning behind signals", "import signal\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nwhile True: pass", "over_cpu" },
        { "daemon", "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        for d in range(3): os.close(d)\n        while True: time.sleep(0.01)\n    os._exit(0)\nprint('held')", "" },
        { "killing others", "import os, signal\nfor p in range(1, 40000):\n    if p not in (os.getpid(),):\n        try: os.kill(p, 0); p > 5 and print('BREACH', p)\n        except OSError: pass\nprint('held')", "" },
        { "seeing others", "import os\nn = [p for p in os.listdir('/proc') if p.isdigit()]\nprint('BREACH' if len(n) > 4 else 'held')", "" },
        { "tracing", "import ctypes\nl = ctypes.CDLL(None, use_errno=True)\nprint('BREACH' if l.ptrace(0, 0, 0, 0) == 0 or l.ptrace(16, 1, 0, 0) == 0 else 'held')", "" },
        { "namespaces and mounts", "import ctypes\nl = ctypes.CDLL(None)\nfor n in (0x10000000, 0x20000, 0x40000000):\n    if l.unshare(n) == 0: print('BREACH', n)\nif l.mount(b'x', b'/tmp', b'tmpfs', 0, None) == 0 or l.umount2(b'/proc', 2) == 0 or l.chroot(b'/tmp') == 0: print('BREACH')\nif l.syscall(56, 0x10000011, 0, 0, 0, 0) > 0: print('BREACH clone')\nprint('held')", "" },
        { "becoming root", "import os, ctypes\nfor call in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.seteuid(0), lambda: os.setresuid(0, 0, 0)):\n    try:\n        call()\n        print('BREACH')\n    except OSError: pass\nprint('BREACH' if os.getuid() == 0 or open('/proc/self/status').read().split('CapEff:\\t')[1][:16] != '0' * 16 else 'held')", "" },
        { "raising limits", "import resource\nfor r in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):\n    s, h = resource.getrlimit(r)\n    if h == resource.RLIM_INFINITY: print('BREACH', r)\n    try:\n        resource.setrlimit(r, (h, h + 1000))\n        print('BREACH', r)\n    except (OSError, ValueError): pass\nprint('held')", "" },
        { "environment", "import os\nprint('BREACH' if set(os.environ) - {'PATH', 'HOME', 'LANG', 'PWD', 'OLDPWD', 'SHLVL', '_', 'LC_CTYPE', 'PYTHONHASHSEED', 'PYTHONDONTWRITEBYTECODE', 'OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS'} else 'held', list(os.environ))", "" },
        { "descriptors", "import os\nn = [d for d in os.listdir('/proc/self/fd')]\nprint('BREACH' if len(n) > 4 else 'held', n)", "" },
        { "terminal", "import os\ntry:\n    os.open('/dev/tty', os.O_RDWR)\n    print('BREACH')\nexcept OSError: print('held')", "" },
        { "io_uring, bpf, keys", "import ctypes\nl = ctypes.CDLL(None)\nfor n in (425, 321, 298, 323, 248, 250, 272, 308, 310, 438):\n    if l.syscall(n, 0, 0, 0, 0, 0) >= 0: print('BREACH', n)\nprint('held')", "" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_IsContained(string name, string text, string fault)
    {
        CodeFixture.NeedsSandbox();
        string secret = Path.Combine(Path.GetTempPath(), "meed-secret-" + Guid.NewGuid().ToString("n"));
        await File.WriteAllTextAsync(secret, "secret", TestContext.Current.CancellationToken);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        try
        {
            string source = text.Replace("SECRET", secret).Replace("PORT", ((IPEndPoint)listener.LocalEndpoint).Port.ToString());
            using var program = CodeProgram.Python(CodeSandbox.Default, source);
            var result = CodeSandbox.Default.Run(program, "", s_limits, TestContext.Current.CancellationToken);
            Assert.DoesNotContain("BREACH", result.Output);
            Assert.True((result.Fault ?? "") == fault, $"{name}: {result.Fault} {result.ExitCode} {result.Output}{result.Error}");
            Assert.True(fault.Length > 0 || result.Output.StartsWith("held"), $"{name}: {result.Output}{result.Error}");
            Assert.False(listener.Pending());
            Assert.Equal("secret", await File.ReadAllTextAsync(secret, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public void Programs_AreListedInThePage()
    {
        var rows = Programs().Select(r => r.Data).Select(d => d.Item1 + " | " + (d.Item3.Length > 0 ? $"ended as `{d.Item3}`" : "what it tries is refused"));
        DataFiles.CheckGenerated("docs/rewards/code.md", "hostile", "| program | how it ends |\n| --- | --- |\n" + string.Concat(rows.Select(r => $"| {r} |\n")));
    }

    [Fact]
    public async Task Run_CancelledOrEnded_LeavesNoProcess()
    {
        CodeFixture.NeedsSandbox();
        string mark = "meed_" + Guid.NewGuid().ToString("n");
        string source = $"import os, time\nif os.fork() == 0:\n    os.setsid()\n{"    "}os.execv('/bin/sh', ['sh', '-c', 'sleep 300; : {mark}'])\ntime.sleep(300)";
        using var program = CodeProgram.Python(CodeSandbox.Default, source);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.ThrowsAny<OperationCanceledException>(() => CodeSandbox.Default.Run(program, "", new CodeLimits { Idle = TimeSpan.FromSeconds(60) }, cancel.Token));
        for (int i = 0; i < 100 && Running(mark); i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.False(Running(mark));
    }

    private static bool Running(string mark) => Directory.EnumerateDirectories("/proc").Any(d =>
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(d)[0]) && File.ReadAllText(d + "/cmdline").Contains(mark);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
