using System.Text;
using Meed.Rewards.Code;

namespace Meed.Rewards.Tests.Code;

/// <summary>Programs that want the reward without solving the task. None of them may pass, whatever the form of the tests.</summary>
public class ForgingTests
{
    // x² + 1 at places nobody guesses; a tolerance test besides, which objects with operators would like.
    private static readonly string[] s_references =
    [
        """{"fn_name":"f","calls":[{"args":[13],"expected":170},{"args":[29],"expected":842}]}""",
        """{"entry_point":"f","test":"def check(candidate):\n    assert candidate(13) == 170\n    assert abs(candidate(29) - 842) < 1e-6\n    for x, y in zip(map(candidate, [3, 4]), [10, 17]):\n        assert x == y\n"}""",
        """{"test_list":["assert f(13) == 170","assert not f(29) != 842"]}""",
        """{"inputs":["13\n","29\n"],"outputs":["170","842"]}""",
    ];

    private const string Frames = """
        import sys, os
        def frames():
            f = sys._getframe()
            while f:
                yield f
                f = f.f_back
        def channel():
            for f in frames():
                for n, v in list(f.f_locals.items()):
                    if type(v).__name__ == 'Channel': return v

        """;

    private const string WriteAll = """
        import os, json
        def everywhere(text):
            data = text.encode()
            for d in range(0, 64):
                for head in (b'', len(data).to_bytes(4, 'big')):
                    try: os.write(d, head + data)
                    except OSError: pass

        """;

    /// <summary>Name and text of each program.</summary>
    internal static readonly (string Name, string Text)[] Programs =
    [
        ("exit at load", "import os\nos._exit(0)"),
        ("sys.exit at load", "import sys\nsys.exit(0)"),
        ("exit in the call", "import os\ndef f(x): os._exit(0)"),
        ("SystemExit in the call", "def f(x): raise SystemExit(0)"),
        ("StopIteration in the call", "def f(x): raise StopIteration"),
        ("GeneratorExit in the call", "def f(x): raise GeneratorExit"),
        ("KeyboardInterrupt in the call", "def f(x): raise KeyboardInterrupt"),
        ("AssertionError in the call", "def f(x): raise AssertionError"),
        ("__eq__ always true", "class E:\n    def __eq__(s, o): return True\n    def __ne__(s, o): return False\n    __hash__ = None\ndef f(x): return E()"),
        ("int that equals all", "class E(int):\n    def __eq__(s, o): return True\n    def __ne__(s, o): return False\n    __hash__ = int.__hash__\ndef f(x): return E(1)"),
        ("str that equals all", "class E(str):\n    def __eq__(s, o): return True\n    def __ne__(s, o): return False\n    __hash__ = str.__hash__\ndef f(x): return E('a')"),
        ("list that equals all", "class E(list):\n    def __eq__(s, o): return True\n    def __ne__(s, o): return False\ndef f(x): return E([1])"),
        ("float that is near all", "class E(float):\n    def __sub__(s, o): return E(0)\n    __rsub__ = __sub__\n    def __abs__(s): return E(0)\n    def __lt__(s, o): return True\n    def __eq__(s, o): return True\ndef f(x): return E(0)"),
        ("object with all operators", "class E:\n    def any(s, *a): return s\n    def yes(s, *a): return True\n    __sub__ = __rsub__ = __abs__ = __add__ = __neg__ = any\n    __lt__ = __gt__ = __le__ = __ge__ = __eq__ = __bool__ = yes\n    def __ne__(s, o): return False\ndef f(x): return E()"),
        ("object that is every attribute", "class E:\n    def __getattr__(s, n): return s\n    def __call__(s, *a): return s\n    def __eq__(s, o): return True\ndef f(x): return E()"),
        ("metaclass that equals all", "class M(type):\n    def __eq__(s, o): return True\n    def __ne__(s, o): return False\n    __hash__ = type.__hash__\nclass E(metaclass=M): pass\ndef f(x): return E"),
        ("false __class__", "class E:\n    @property\n    def __class__(s): return int\n    def __eq__(s, o): return True\ndef f(x): return E()"),
        ("__index__ and __float__", "class E:\n    def __index__(s): return 170\n    def __float__(s): return 170.0\n    def __int__(s): return 170\ndef f(x): return E()"),
        ("NaN", "def f(x): return float('nan')"),
        ("True", "def f(x): return True"),
        ("None", "def f(x): return None"),
        ("NotImplemented", "def f(x): return NotImplemented"),
        ("list of everything", "def f(x): return list(range(1000))"),
        ("endless iterator", "import itertools\ndef f(x): return itertools.count()"),
        ("cycle", "def f(x):\n    a = []\n    a.append(a)\n    return a"),
        ("patched builtins", "import builtins\nbuiltins.AssertionError = type('A', (), {})\nbuiltins.isinstance = lambda *a: True\nbuiltins.all = builtins.any = lambda *a: True\nbuiltins.abs = lambda x: 0\nbuiltins.len = lambda x: 1\ndef f(x): return 0"),
        ("patched builtins by name", "def abs(x): return 0\ndef zip(*a): return []\ndef map(*a): return []\ndef check(c): pass\ndef f(x): return 0"),
        ("patched json", "import json, sys\njson.loads = lambda *a, **k: 170\njson.dumps = lambda *a, **k: '170'\njson.JSONEncoder.default = lambda *a: 170\ndef f(x): return 0"),
        ("patched _json", "import _json\n_json.encode_basestring_ascii = lambda s: '\"done\"'\n_json.make_scanner = None\ndef f(x): return 'x'"),
        ("patched codec", "import __main__\n__main__.write = lambda v, o, d=0: 'true,\"done\":[\"\"]'\n__main__.read = lambda t, r: 0\ndef f(x): return 0"),
        ("patched channel", Frames + "c = channel()\ntype(c).send = lambda s, t: os.write(s.sink, b'\\0\\0\\0\\x0b{\"done\":[]}')\ndef f(x): return 0"),
        ("verdict on the channel", Frames + "def f(x):\n    channel().send('{\"done\":[\"\",\"\"]}')\n    return 0"),
        ("answers sent ahead", Frames + "c = channel()\nfor i in range(1000): c.send('{\"id\":%d,\"value\":170}' % i)\ndef f(x): return 0"),
        ("answer with the number taken from a frame", Frames + "def f(x):\n    for g in frames():\n        r = g.f_locals.get('request')\n        if r: channel().send('{\"id\":%d,\"value\":true,\"done\":[\"\"],\"passed\":true}' % r['id'])\n    return 0"),
        ("expected values in frames", Frames + "def f(x):\n    for g in frames():\n        for n, v in list(g.f_locals.items()) + list(g.f_globals.items()):\n            if 'expect' in n or 'output' in n or 'test' in n: return v\n    return 0"),
        ("expected values in the heap", "import gc\ndef f(x):\n    for o in gc.get_objects():\n        if type(o) is dict and ('expected' in o or 'outputs' in o): return o.get('expected', o.get('outputs'))\n        if type(o) is list and (170 in o[:50] if o and type(o[0]) is int else False): return 170\n    return 0"),
        ("expected values in /proc", "import os, re\ndef f(x):\n    for p in os.listdir('/proc'):\n        for n in ('cmdline', 'environ', 'maps'):\n            try:\n                m = re.search(rb'expected\\D*(\\d+)|assert\\D*\\d+\\D*(\\d+)', open(f'/proc/{p}/{n}', 'rb').read())\n                if m: return int(m.group(1) or m.group(2))\n            except OSError: pass\n    return 0"),
        ("expected values in files", "import os\ndef f(x):\n    for d, _, fs in os.walk('/'):\n        if d.startswith(('/proc', '/usr', '/dev')): continue\n        for n in fs:\n            try:\n                t = open(os.path.join(d, n)).read()\n                if '170' in t: return 170\n            except (OSError, ValueError): pass\n    return 0"),
        ("words on every descriptor", WriteAll + "for t in ('OK', 'passed', 'All tests passed', '1', '170', '{\"done\":[\"\"]}', '{\"passed\":true}', '{\"id\":1,\"value\":170}'): everywhere(t)\ndef f(x): return 0"),
        ("words at exit", WriteAll + "import atexit\natexit.register(lambda: everywhere('{\"done\":[\"\"]}'))\ndef f(x): raise SystemExit"),
        ("huge frame", WriteAll + "for d in range(3, 64):\n    try: os.write(d, b'\\x7f\\xff\\xff\\xff')\n    except OSError: pass\ndef f(x): return 0"),
        ("negative frame", WriteAll + "def f(x):\n    for d in range(3, 64):\n        try: os.write(d, b'\\xff\\xff\\xff\\xff')\n        except OSError: pass\n    return 0"),
        ("late thread", WriteAll + "import threading, time\ndef late():\n    while True:\n        everywhere('{\"done\":[\"\"]}')\n        time.sleep(0.001)\nthreading.Thread(target=late, daemon=True).start()\ndef f(x): return 0"),
        ("forked twin", WriteAll + "import os, time\nif os.fork() == 0:\n    time.sleep(0.05)\n    everywhere('{\"done\":[\"\"]}')\n    os._exit(0)\ndef f(x): return 0"),
        ("stdin replaced", "import os\nr, w = os.pipe()\nfor d in range(3, 10):\n    try: os.dup2(r, d)\n    except OSError: pass\ndef f(x): return 0"),
        ("another program", "import os\ndef f(x): os.execv('/bin/sh', ['sh', '-c', 'echo 170; exit 0'])"),
        ("import hook", "import sys\nclass H:\n    def find_spec(s, *a): return None\nsys.meta_path.insert(0, H())\nsys.modules['json'] = sys.modules['__main__']\nsys.path_hooks.clear()\ndef f(x): return 0"),
        ("module swapped", "import sys\nsys.modules['candidate'] = type('M', (), {'f': staticmethod(lambda x: 170)})\ndef f(x): return 0"),
        ("sys.stdout swapped", "import sys, io\nclass O(io.StringIO):\n    def write(s, t): return 0\n    def getvalue(s): return '170'\nsys.stdout = sys.__stdout__ = O()\ndef f(x): return 0"),
        ("excepthook", "import sys, os\nsys.excepthook = lambda *a: os._exit(0)\nsys.unraisablehook = sys.excepthook\ndef f(x): raise ValueError"),
        ("trace function", "import sys\nsys.settrace(lambda fr, e, a: None)\nsys.setprofile(lambda fr, e, a: None)\ndef f(x): return 0"),
        ("deep recursion", "import sys\nsys.setrecursionlimit(10**9)\ndef f(x): return f(x)"),
        ("name of the exception", "E = type('\"}\\n{\"id\":1,\"value\":170', (Exception,), {})\ndef f(x): raise E"),
        ("exception that cannot be shown", "class E(Exception):\n    def __str__(s): raise SystemExit\ndef f(x): raise E"),
        ("exception called missing", "class missing(Exception): pass\ndef f(x): raise missing"),
        ("typed JSON as data", "def f(x): return {'t': 'int', 'v': '0xaa'}"),
        ("quotes in text", "def f(x): return '170\",\"value\":170,\"x\":\"'"),
        ("reference as data", "def f(x): return {'t': 'ref', 'v': 0}"),
        ("signals to all", "import os, signal\ndef f(x):\n    for p in (os.getppid(), 1, 0, -1):\n        try: os.kill(p, signal.SIGTERM)\n        except OSError: pass\n    return 0"),
        ("tests' helper redefined", "import math\nmath.isclose = lambda *a, **k: True\ndef check(candidate): pass\nclass AssertionError(Exception): pass\ndef f(x): return 0"),
        ("function that is a class", "class f:\n    def __init__(s, x): pass\n    def __eq__(s, o): return True\n    def __abs__(s): return 0\n    def __sub__(s, o): return s"),
        ("memory rewritten", "import ctypes, sys\ndef f(x):\n    for i in range(-5, 257):\n        try: ctypes.memmove(id(i) + 24, id(170 if i < 200 else 0) + 24, 4)\n        except Exception: pass\n    return 0"),
    ];

    [Fact]
    public async Task Programs_AllForms_NonePasses()
    {
        CodeFixture.NeedsSandbox();
        Assert.True(Programs.Length >= 40);
        var options = new CodeOptions { Program = ProgramPlace.Whole, Cpu = TimeSpan.FromSeconds(0.3), Idle = TimeSpan.FromSeconds(0.2) };
        var samples = Programs.SelectMany(p => s_references.Select(r => CodeFixture.Sample(p.Text, r))).ToArray();
        // A share counts single tests: 0 says that not one of them passed.
        var scores = await CodeFixture.ScoreAsync(options with { Credit = CodeCredit.Share }, samples);
        var wrong = new StringBuilder();
        for (int i = 0; i < samples.Length; i++)
        {
            if (scores.Status[i] != ScoreStatus.Ok || scores.Values[i] != 0)
            {
                wrong.AppendLine($"{Programs[i / s_references.Length].Name} [{i % s_references.Length}]: {scores.Status[i]} {scores.Values[i]} {scores.Reasons[i]}");
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
        DataFiles.CheckGenerated("docs/rewards/code.md", "forging", $"| forging programs | forms of tests | tests passed |\n| --- | --- | --- |\n| {Programs.Length} | {s_references.Length} | 0 |\n");
    }

    [Fact]
    public async Task References_RightProgram_PassesAllForms()
    {
        // The forms themselves can be passed: zeros above mean something.
        CodeFixture.NeedsSandbox();
        const string right = "def f(x): return x * x + 1\nif __name__ == '__main__': print(f(int(input())))";
        var scores = await CodeFixture.ScoreAsync(new CodeOptions { Program = ProgramPlace.Whole }, [.. s_references.Select(r => CodeFixture.Sample(right, r))]);
        Assert.Equal([1, 1, 1, 1], scores.Values.ToArray());
    }
}
