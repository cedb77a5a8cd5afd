using System.Security.Cryptography;

namespace Meed.Cli.Tests;

/// <summary>A temporary folder with a recipe that runs in about a second.</summary>
internal sealed class Workplace : IDisposable
{
    public Workplace(int hiddenSize = 32, int steps = 8, int checkpointEvery = 2)
    {
        File.WriteAllText(At("toy.yaml"), $$"""
            kind: language
            name: toy
            task: { countdown: {} }
            policy: { maximumPositions: 48, hiddenSize: {{hiddenSize}}, layers: 2, heads: 2, keyValueHeads: 2, intermediateSize: {{hiddenSize * 2}} }
            warmStart: { demonstrations: 200, sft: { steps: {{steps}}, rowsPerStep: 8 } }
            reward: { countdown: {} }
            trainer: { grpo: { steps: {{steps}}, promptsPerStep: 4, klWeight: 0.01 } }
            evaluate: { items: 8, every: 3, itemsOnTheWay: 4, samples: 2, passAt: [1, 2] }
            report: { checkpointEvery: {{checkpointEvery}}, samples: 4 }
            """);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("meed-cli-").FullName;

    public string At(string name) => Path.Combine(Folder, name);

    public (int Code, string Out, string Error) Meed(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CommandLine.RunAsync(args, new Terminal(output, error, false, Folder), TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The only run folder under a root; null when there is none yet.</summary>
    public static string? RunIn(string root) => Directory.Exists(Path.Combine(root, "toy"))
        ? Directory.GetDirectories(Path.Combine(root, "toy")).SingleOrDefault(f => File.Exists(Path.Combine(f, "run.json")))
        : null;

    /// <summary>Hashes of what must be the same bytes however often a run was interrupted.</summary>
    public static IReadOnlyDictionary<string, string> Lasting(string folder) => new[] { "recipe.yaml", "metrics.jsonl", "samples.jsonl", "model/model.safetensors" }
        .ToDictionary(f => f, f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, f)))));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
