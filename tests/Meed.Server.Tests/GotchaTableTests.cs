using System.Reflection;
using System.Text.RegularExpressions;

namespace Meed.Server.Tests;

/// <summary>The table of docs/serve/README.md names tests that are there.</summary>
public partial class GotchaTableTests
{
    [Fact]
    public void Table_EveryNamedTest_Exists()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "global.json")))
        {
            folder = folder.Parent;
        }

        string page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "serve", "README.md"));
        string table = page[page.IndexOf("## What broke runs elsewhere", StringComparison.Ordinal)..];
        string shims = File.ReadAllText(Path.Combine(folder.FullName, "clients", "python", "test_meed_rewards.py"));
        var methods = Assembly.GetExecutingAssembly().GetTypes().SelectMany(t => t.GetMethods()).Select(m => m.Name).ToHashSet();
        string[] named = [.. Name().Matches(table).Select(m => m.Groups[1].Value)];
        Assert.True(named.Length > 35);
        string[] missing = [.. named.Where(n => n.StartsWith("test_", StringComparison.Ordinal) ? !shims.Contains($"def {n}(", StringComparison.Ordinal) : !methods.Contains(n))];
        Assert.Equal([], missing);
    }

    [GeneratedRegex("`([A-Z][A-Za-z0-9]+_[A-Za-z0-9_]+|test_[a-z_]+)`")]
    private static partial Regex Name();
}
