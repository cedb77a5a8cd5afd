using Meed.RewardModels.Data;

namespace Meed.RewardModels.Tests.Data;

/// <summary>Hand-made files of this folder, temporary ones and the data sets that MEED_DATA names.</summary>
internal static class Files
{
    public const string Missing = "MEED_DATA names no folder with the data sets.";

    public static string? Root => Environment.GetEnvironmentVariable("MEED_DATA") is { Length: > 0 } root && Directory.Exists(root) ? root : null;

    public static string Of(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "Files", name);

    public static List<PreferenceRow> Rows(string path) => [.. PreferenceFile.Open(path).Rows()];

    /// <summary>A temporary file with these lines; deleted with the returned scope.</summary>
    public static TemporaryFile Temporary(string name, params string[] lines) => new(name, string.Join('\n', lines) + "\n");

    public sealed class TemporaryFile : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("meed-rm-").FullName;

        public TemporaryFile(string name, string content)
        {
            Path = System.IO.Path.Combine(_folder, name);
            File.WriteAllText(Path, content);
        }

        public string Path { get; }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
