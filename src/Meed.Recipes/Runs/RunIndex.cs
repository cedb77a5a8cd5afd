namespace Meed.Recipes.Runs;

/// <summary>Lists run folders. They are the truth: nothing else is stored, and reading needs no write access.</summary>
public static class RunIndex
{
    /// <summary>Every run under a root of the shape <c>root/name/time</c>, newest first.</summary>
    /// <param name="root">The runs folder, or one run's folder.</param>
    /// <param name="unreadable">A sentence for each folder whose <c>run.json</c> could not be read.</param>
    public static IReadOnlyList<RunInfo> Read(string root, out IReadOnlyList<string> unreadable)
    {
        var bad = new List<string>();
        unreadable = bad;
        if (!Directory.Exists(root))
        {
            return [];
        }

        if (File.Exists(Path.Combine(root, RunInfo.FileName)))
        {
            return [RunInfo.Read(root)];
        }

        var folders = Directory.GetDirectories(root).SelectMany(Directory.GetDirectories).ToArray();
        var infos = new RunInfo?[folders.Length];
        var errors = new string?[folders.Length];
        Parallel.For(0, folders.Length, i =>
        {
            try
            {
                infos[i] = File.Exists(Path.Combine(folders[i], RunInfo.FileName)) ? RunInfo.Read(folders[i]) : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                errors[i] = e.Message;
            }
        });
        bad.AddRange(errors.OfType<string>());
        return [.. infos.OfType<RunInfo>().OrderByDescending(r => r.Started).ThenBy(r => r.Folder, StringComparer.Ordinal)];
    }

    /// <summary>The newest run of a name; null when there is none.</summary>
    public static RunInfo? Newest(string root, string name) => Read(root, out _).FirstOrDefault(r => r.Name == name);
}
