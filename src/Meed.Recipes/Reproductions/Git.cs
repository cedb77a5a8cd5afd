using System.Diagnostics;

namespace Meed.Recipes.Reproductions;

/// <summary>The few questions that are asked of a checkout's history.</summary>
public static class Git
{
    /// <summary>The commit of a checkout, with <c>-dirty</c> where files differ from it; empty where git or history is absent.</summary>
    public static string Commit(string? checkout)
    {
        if (checkout is null || Run(checkout, "rev-parse", "HEAD") is not { } commit)
        {
            return "";
        }

        bool dirty = Run(checkout, "status", "--porcelain", "--untracked-files=no", "--", "src", "recipes", "reproductions") is { Length: > 0 };
        return commit.Trim() + (dirty ? "-dirty" : "");
    }

    /// <summary>Files that changed since a commit, from the checkout's root; null where git or the commit is absent.</summary>
    public static IReadOnlyList<string>? ChangedSince(string checkout, string commit) =>
        Run(checkout, "diff", "--name-only", commit, "--")?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Run(string folder, params string[] args)
    {
        try
        {
            var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string arg in args)
            {
                start.ArgumentList.Add(arg);
            }

            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            error.Wait();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;   // no git on this machine
        }
    }
}
