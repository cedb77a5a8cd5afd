using System.Diagnostics;

namespace Meed.Server.Tests;

public class PythonClientTests
{
    [Fact]
    public async Task Shims_AgainstARunningServer_PassTheirOwnTests()
    {
        Assert.SkipUnless(HasPython(), "python3 is not installed.");
        await using var server = await TestServer.StartAsync("profiles: { default: { reward: { numeric-answer: {} } } }");
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "global.json")))
        {
            folder = folder.Parent;
        }

        var start = new ProcessStartInfo("python3", ["-B", "-m", "unittest", "-v", "test_meed_rewards"])
        {
            WorkingDirectory = Path.Combine(folder.FullName, "clients", "python"), RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment["MEED_URL"] = server.Client.BaseAddress!.ToString().TrimEnd('/');
        using var process = Process.Start(start)!;
        string output = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Ran 9 tests", output);
    }

    private static bool HasPython()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", "--version") { RedirectStandardOutput = true, RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
