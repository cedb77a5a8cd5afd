using Meed.Rewards.Code;
using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Code;

public class CodeRewardTests
{
    private const string Add = """{"fn_name":"add","calls":[{"args":[1,2],"expected":3},{"args":[2.5,2],"expected":4.5},{"args":["a","b"],"expected":"ab"}]}""";

    [Fact]
    public async Task Calls_RightProgram_Pays()
    {
        CodeFixture.NeedsSandbox();
        Assert.Equal((1.0, ScoreStatus.Ok, null), await CodeFixture.ScoreAsync("def add(a, b):\n    return a + b\n", Add));
    }

    [Theory]
    [InlineData("def add(a, b): return a - b", "wrong")]
    [InlineData("def add(a, b): return str(a + b)", "wrong")]
    [InlineData("def add(a, b): return object()", "not_plain")]
    [InlineData("def add(a): return a", "raised")]
    [InlineData("def ad(a, b): return a + b", "missing_function")]
    [InlineData("def add(a, b: return a + b", "syntax_error")]
    [InlineData("import os\ndef add(a, b): os._exit(0)", "exited")]
    [InlineData("import os\nos.kill(os.getpid(), 9)", "crashed")]
    [InlineData("def add(a, b):\n    while True: pass", "over_cpu")]
    [InlineData("import time\ndef add(a, b): time.sleep(100)", "idle")]
    [InlineData("def add(a, b): return 'x' * (1 << 40)", "over_memory")]
    [InlineData("def add(a, b): return 'x' * (1 << 24)", "too_much_output")]
    [InlineData("nothing = 1 \u00a7", "syntax_error")]
    public async Task Calls_FaultOfTheProgram_IsTheMinimumWithItsReason(string program, string reason)
    {
        CodeFixture.NeedsSandbox();
        var options = new CodeOptions { Program = ProgramPlace.Whole, Cpu = TimeSpan.FromSeconds(0.5), Idle = TimeSpan.FromSeconds(0.4) };
        Assert.Equal((0.0, ScoreStatus.Ok, reason), await CodeFixture.ScoreAsync(program, Add, options));
    }

    [Fact]
    public async Task Calls_Share_CountsThosePassed()
    {
        CodeFixture.NeedsSandbox();
        var (value, status, reason) = await CodeFixture.ScoreAsync("def add(a, b): return a + b if isinstance(a, str) else 3", Add, new CodeOptions { Credit = CodeCredit.Share });
        Assert.Equal((ScoreStatus.Ok, "wrong"), (status, reason));
        Assert.Equal(2.0 / 3, value, 1e-12);
    }

    [Theory]
    [InlineData("[1, (2, 3), {'a': None}]", "[1,[2,3],{\"a\":null}]", 1)]
    [InlineData("{2: True}", "{\"2\":true}", 1)]
    [InlineData("{3, 1, 2}", "[1,2,3]", 1)]
    [InlineData("range(3)", "[0,1,2]", 1)]
    [InlineData("(x for x in 'ab')", "[\"a\",\"b\"]", 1)]
    [InlineData("10 ** 30", "1000000000000000000000000000000", 1)]
    [InlineData("10 ** 30 + 1", "1000000000000000000000000000000", 0)]
    [InlineData("1", "true", 0)]
    [InlineData("1", "1.0", 1)]
    [InlineData("float('nan')", "0", 0)]
    [InlineData("'\\ud800'", "\"x\"", 0)]
    [InlineData("type('L', (list,), {'__eq__': lambda s, o: True})([1])", "[2]", 0)]
    public async Task Calls_Values_AreComparedAsPlainData(string expression, string expected, double value)
    {
        CodeFixture.NeedsSandbox();
        var result = await CodeFixture.ScoreAsync($"def f():\n    return {expression}\n", $$"""{"fn_name":"f","calls":[{"args":[],"expected":{{expected}}}]}""", new CodeOptions { Program = ProgramPlace.Whole });
        Assert.Equal((value, ScoreStatus.Ok), (result.Value, result.Status));
    }

    [Theory]
    [InlineData("print(int(input()) * 2)", 1, null)]
    [InlineData("print(int(input()) * 3)", 0, "wrong")]
    [InlineData("print(int(input()) * 2)\nraise SystemExit(1)", 0, "crashed")]
    [InlineData("while True: print('x' * 1000)", 0, "too_much_output")]
    [InlineData("import time; time.sleep(60)", 0, "idle")]
    public async Task Streams_VerlGroundTruth_ComparesStdout(string program, double value, string? reason)
    {
        CodeFixture.NeedsSandbox();
        var options = new CodeOptions { Program = ProgramPlace.Whole, Idle = TimeSpan.FromSeconds(0.5) };
        Assert.Equal((value, ScoreStatus.Ok, reason), await CodeFixture.ScoreAsync(program, "\"{\\\"inputs\\\":[\\\"3\\\\n\\\",\\\"5\\\"],\\\"outputs\\\":[\\\"6\\\",\\\"10\\\\n\\\"]}\"", options));
    }

    [Fact]
    public async Task Asserts_HelperOfThePrompt_IsTheTasksAndNotTheCandidates()
    {
        CodeFixture.NeedsSandbox();
        const string task = """{"prompt":"def helper(x):\n    return x * 2\n\ndef f(x):\n    \"\"\"Half.\"\"\"\n","entry_point":"f","test":"def check(candidate):\n    assert helper(candidate(4)) == 4\n"}""";
        Assert.Equal(1, (await CodeFixture.ScoreAsync("    return x // 2\n", task)).Value);
        Assert.Equal(0, (await CodeFixture.ScoreAsync("```python\ndef helper(x):\n    return 4\ndef f(x):\n    return 0\n```", task)).Value);
    }

    [Theory]
    [InlineData("""{"test":"def check(c:\n","entry_point":"f"}""")]
    [InlineData("""{"test":"import nowhere\ndef check(c): pass","entry_point":"f"}""")]
    [InlineData("""{"test_list":[]}""")]
    [InlineData("""{"inputs":["1"],"outputs":[]}""")]
    [InlineData("""{"gold":3}""")]
    public async Task Tests_ThatDoNotLoad_AreAnInvalidReference(string reference)
    {
        CodeFixture.NeedsSandbox();
        Assert.Equal(ScoreStatus.InvalidReference, (await CodeFixture.ScoreAsync("def f(): return 1", reference)).Status);
    }

    [Fact]
    public void Document_UnknownLanguage_SaysWhatToWrite()
    {
        var problem = Assert.Throws<DocumentException>(() => RewardDocuments.Parse("""{"code": {"language": "cobol"}}""", Catalog.TextRewards()));
        Assert.Contains("interpreter", problem.Message);
    }
}
