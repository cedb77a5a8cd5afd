using Meed.Rewards.Code;

namespace Meed.Rewards.Tests.Code;

public class CodeProgramTests
{
    private const string Doubles = """{"inputs":["3","5"],"outputs":["6","10"]}""";

    [Theory]
    [InlineData("Console.WriteLine(int.Parse(Console.ReadLine()!) * 2);", 1, null)]
    [InlineData("Console.WriteLine(int.Parse(Console.ReadLine()!) * 3);", 0, "wrong")]
    [InlineData("Console.WriteLine(int.Prase(Console.ReadLine()!));", 0, "compile_error")]
    [InlineData("throw new Exception();", 0, "crashed")]
    [Trait("Tier", "long")]
    public async Task CSharp_Streams_CompilesOnceAndRuns(string program, double value, string? reason)
    {
        CodeFixture.NeedsSandbox();
        Assert.SkipUnless(CSharpCompiler.Find() is not null, "There is no .NET SDK under /usr.");
        var result = await CodeFixture.ScoreAsync(program, Doubles, new CodeOptions { Language = "csharp", Program = ProgramPlace.Whole });
        Assert.Equal((value, ScoreStatus.Ok, reason), result);
    }

    [Fact]
    public async Task Interpreter_ByConfiguration_RunsAnyLanguage()
    {
        CodeFixture.NeedsSandbox();
        var options = new CodeOptions { Language = "shell", Interpreter = ["/bin/sh", "{file}"], File = "main.sh", Program = ProgramPlace.Whole };
        Assert.Equal((1.0, ScoreStatus.Ok, null), await CodeFixture.ScoreAsync("read x; echo $((x * 2))", Doubles, options));
        Assert.Equal((0.0, ScoreStatus.Ok, "wrong"), await CodeFixture.ScoreAsync("read x; echo $((x * 3))", Doubles, options));
    }

    [Theory]
    [InlineData("1 2\n3", "1  2 \n3\n\n", OutputComparison.Lines, false)]
    [InlineData("1 2  \n3\n\n", "1 2\n3", OutputComparison.Lines, true)]
    [InlineData("1 2 \n3", "1 2\n3", OutputComparison.Exact, false)]
    [InlineData("1 2\n3\r\n", "1 2\n3", OutputComparison.Exact, true)]
    [InlineData("1 2.0000001\n3", "1 2 3.0", OutputComparison.Tokens, true)]
    [InlineData("1 2.1 3", "1 2 3", OutputComparison.Tokens, false)]
    [InlineData("1 2", "1 2 3", OutputComparison.Tokens, false)]
    [InlineData("nan", "1", OutputComparison.Tokens, false)]
    [InlineData("", "", OutputComparison.Lines, true)]
    [InlineData("", "0", OutputComparison.Lines, false)]
    public void Output_Comparison_IsWhatItsNameSays(string actual, string expected, OutputComparison comparison, bool same)
        => Assert.Equal(same, OutputText.AreEqual(actual, expected, comparison, 1e-6));

    [Theory]
    [InlineData("text\n```python\na = 1\n```\nmore\n```\nb = 2\n```\nend", "b = 2\n")]
    [InlineData("```py\na = 1", "a = 1")]
    [InlineData("a = 1", "a = 1")]
    public void Program_Response_IsTheLastBlockOrTheWhole(string response, string program)
        => Assert.Equal(program, ProgramText.Find(response, ProgramPlace.Auto, "")?.Replace("\r", ""));

    [Fact]
    public void Program_BlockAskedForAndNotThere_IsNone() => Assert.Null(ProgramText.Find("a = 1", ProgramPlace.Block, ""));

    [Fact]
    public void Program_IndentedResponse_ContinuesThePrompt()
        => Assert.Equal("def f():\n    return 1", ProgramText.Find("    return 1", ProgramPlace.Auto, "def f():\n"));

    [Fact]
    public void UnsafeLocal_ByName_RunsWithoutASandboxAndStillEnds()
    {
        Assert.SkipUnless(CodeSandbox.PythonOf(new CodeSandboxOptions()) is not null, "python3 is not installed.");
        var sandbox = new CodeSandbox(new CodeSandboxOptions { UnsafeLocal = true });
        using (var session = sandbox.Start(cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.Null(session.Load("def f(x): return x + 1").Fault);
            Assert.Equal("42", session.Call("f", [System.Text.Json.JsonSerializer.SerializeToElement(41)]).Value!.ToString());
        }

        using var program = CodeProgram.Python(sandbox, "import time\ntime.sleep(100)");
        Assert.Equal("idle", sandbox.Run(program, "", new CodeLimits { Idle = TimeSpan.FromSeconds(0.3) }, TestContext.Current.CancellationToken).Fault);
    }
}
