using System.Globalization;
using System.Text;
using Meed.Evaluation.Bench;

namespace Meed.Recipes.Atlas;

/// <summary><c>docs/benching-measured.md</c>: what benches and labs gave, each with its command.</summary>
internal static class BenchesDocument
{
    /// <summary>The page.</summary>
    public static string Write(string checkout)
    {
        var text = new StringBuilder($"# Benches measured\n\nWritten by `meed docs` from `{StoredBench.Folder}/*.json`, which `meed bench .. --record <name>` and `meed lab .. --record <name>` write. How to read it: [benching.md](benching.md).\n");
        string folder = Path.Combine(checkout, StoredBench.Folder);
        foreach (string path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal) : (IEnumerable<string>)[])
        {
            var stored = StoredBench.Read(path);
            text.Append(CultureInfo.InvariantCulture, $"\n## {Path.GetFileNameWithoutExtension(path)}\n\n```\n{stored.Command}\n```\n\n{stored.Markdown().Replace("\n## ", "\n### ", StringComparison.Ordinal).TrimEnd()}\n");
        }

        return text.ToString();
    }
}
