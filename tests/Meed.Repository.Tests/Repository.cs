namespace Meed.Repository.Tests;

internal static class Repository
{
    /// <summary>The folder that holds global.json, found upwards from the test's own folder.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No global.json above the test's folder: tests run inside a checkout.");
    }
}
