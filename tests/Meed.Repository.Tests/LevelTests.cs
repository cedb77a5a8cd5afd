using System.Xml.Linq;

namespace Meed.Repository.Tests;

/// <summary>A package may reference any lower level of the house, nothing on its own level or above (docs/design.md).</summary>
public class LevelTests
{
    private static readonly Dictionary<string, int> s_levels = new()
    {
        ["Meed.Numerics"] = 0, ["Meed.Rewards"] = 0,
        ["Meed.Objectives"] = 1, ["Meed.Models"] = 1,
        ["Meed.RewardModels"] = 2, ["Meed.Judges"] = 2, ["Meed.Tasks"] = 2,
        ["Meed.Alignment"] = 3, ["Meed.Diffusion"] = 3, ["Meed.Control"] = 3,
        ["Meed.Evaluation"] = 4,
        ["Meed.Recipes"] = 5,
        ["Meed.Server"] = 6,
        ["Meed.Cli"] = 7,
    };

    public static TheoryData<string> Projects()
    {
        var data = new TheoryData<string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            data.Add(Path.GetRelativePath(Repository.Root, path));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_OnlyLowerLevels(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        Assert.True(s_levels.TryGetValue(name, out int level), $"{name} has no level: add it to the house in docs/design.md and here.");
        foreach (var reference in XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference"))
        {
            string target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));
            Assert.True(s_levels[target] < level, $"{name} (level {level}) references {target} (level {s_levels[target]}).");
        }
    }
}
