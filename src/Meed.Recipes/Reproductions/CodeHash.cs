using System.Security.Cryptography;
using System.Text;

namespace Meed.Recipes.Reproductions;

/// <summary>Names the source that results depend on.</summary>
public static class CodeHash
{
    /// <summary>Projects whose code can change a number.</summary>
    public static IReadOnlyList<string> Projects { get; } = ["Meed.Alignment", "Meed.Evaluation/Statistics", "Meed.Evaluation/Studies", "Meed.Judges", "Meed.Models", "Meed.Numerics", "Meed.Objectives", "Meed.Recipes/Training", "Meed.RewardModels", "Meed.Rewards", "Meed.Tasks"];

    /// <summary>SHA-256 over the paths and bytes of the source files of a checkout; the program's version outside of one.</summary>
    public static string Of(string? checkout)
    {
        if (checkout is null)
        {
            return Runs.RunInfo.ProgramVersion;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Files(checkout))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            hash.AppendData(File.ReadAllBytes(Path.Combine(checkout, file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The checkout that holds a folder: the nearest folder above with <c>Meed.slnx</c>; null when there is none.</summary>
    public static string? Checkout(string folder)
    {
        for (var at = new DirectoryInfo(Path.GetFullPath(folder)); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Meed.slnx")))
            {
                return at.FullName;
            }
        }

        return null;
    }

    private static IEnumerable<string> Files(string checkout) => Projects
        .Select(p => Path.Combine(checkout, "src", p))
        .Where(Directory.Exists)
        .SelectMany(p => Directory.EnumerateFiles(p, "*.cs", SearchOption.AllDirectories))
        .Select(f => Path.GetRelativePath(checkout, f).Replace('\\', '/'))
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);
}
