using System.Diagnostics;
using System.IO.Compression;

namespace Meed.Repository.Tests;

/// <summary>Packs everything into a local feed, then uses it as a stranger would: a library in a new project, the command line as a tool.</summary>
[Trait("Tier", "long")]
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-packages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Pack_LocalFeed_LibraryAndToolInstallAndRun()
    {
        string feed = Path.Combine(_folder, "feed");
        Dotnet(Repository.Root, "pack", "Meed.slnx", "--no-restore", "-o", feed);
        string[] packages = [.. Directory.EnumerateFiles(feed, "*.nupkg").Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        string[] projects = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(p => Path.GetFileNameWithoutExtension(p) + ".0.1.0.nupkg").Order(StringComparer.Ordinal)];
        Assert.Equal(projects, packages);
        foreach (var package in packages)
        {
            Assert.True(File.Exists(Path.Combine(feed, Path.ChangeExtension(package, ".snupkg"))), $"{package} has no symbols.");
            using var zip = ZipFile.OpenRead(Path.Combine(feed, package));
            var names = zip.Entries.Select(e => e.FullName).ToList();
            Assert.Contains("README.md", names);
            Assert.Contains(names, n => n.EndsWith(".xml", StringComparison.Ordinal) && !n.StartsWith('['));
        }

        string consumer = Path.Combine(_folder, "consumer");
        Directory.CreateDirectory(consumer);
        File.WriteAllText(Path.Combine(consumer, "consumer.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><PackageReference Include="Meed.Rewards" Version="0.1.0" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(consumer, "Program.cs"), """
            using Meed.Rewards;
            Console.WriteLine(new Scores(new RewardSchema("unit", "1", [], 0, 1, RewardScope.Sample, true), 3).Count);
            """);
        Dotnet(consumer, "restore", "-p:RestoreAdditionalProjectSources=" + feed);
        Assert.Equal("3", Dotnet(consumer, "run", "--no-restore").Trim());

        string tools = Path.Combine(_folder, "tools");
        Dotnet(consumer, "tool", "install", "Meed.Cli", "--version", "0.1.0", "--tool-path", tools, "--add-source", feed);
        string help = Run(consumer, Path.Combine(tools, OperatingSystem.IsWindows() ? "meed.exe" : "meed"), "--help");
        Assert.Contains("score", help);
    }

    private string Dotnet(string folder, params string[] arguments) => Run(folder, "dotnet", arguments);

    private string Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        if (folder != Repository.Root)
        {
            start.Environment["NUGET_PACKAGES"] = Path.Combine(_folder, "packages");   // nothing stale from another build of 0.1.0
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{error.Result}");
        return output;
    }
}
