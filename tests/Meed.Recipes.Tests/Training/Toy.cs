using Meed.Recipes.Documents;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Tests.Training;

/// <summary>A recipe that runs in a fraction of a second.</summary>
internal static class Toy
{
    public const string Yaml = """
        kind: language
        name: toy
        seed: 4
        task: { countdown: {} }
        policy: { maximumPositions: 48, hiddenSize: 32, layers: 1, heads: 2, keyValueHeads: 2, intermediateSize: 64 }
        warmStart: { demonstrations: 200, sft: { steps: 7, rowsPerStep: 8 } }
        reward: { sum: [ { countdown: {} }, { length-penalty: { of: { countdown: {} }, max: 30, soft: 29 }, weight: 0.5 } ] }
        trainer: { grpo: { steps: 7, promptsPerStep: 4 } }
        evaluate: { items: 8, every: 3, itemsOnTheWay: 4, samples: 2, passAt: [1, 2] }
        report: { checkpointEvery: 2, samples: 4 }
        """;

    public static DocumentNode Document => YamlReader.Read(Yaml, "toy.yaml");

    public static LanguageRecipe Recipe(params string[] settings) => (LanguageRecipe)RecipeKinds.Read(settings.Aggregate(Document, Overrides.Apply), "toy.yaml");

    /// <summary>What must be the same bytes for the same recipe and seed.</summary>
    public static IReadOnlyDictionary<string, string> Lasting(string folder) => new[] { "recipe.yaml", "metrics.jsonl", "samples.jsonl", "model/model.safetensors", "model/config.json", "model/tokenizer.json" }
        .ToDictionary(f => f, f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, f)))));
}

/// <summary>Asks for a stop at the n-th event of a run.</summary>
internal sealed class StopAt(int n) : IRunProgress, IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private int _events;

    public CancellationToken Token => _source.Token;

    public List<string> Notes { get; } = [];

    public void Phase(string phase, long steps, TimeSpan? budget) => Count();

    public void Step(long step, IReadOnlyList<(string Name, double Value)> values) => Count();

    public void Sample(RunSample sample)
    {
    }

    public void Measured(long step, IReadOnlyDictionary<string, double> values) => Count();

    public void Note(string text) => Notes.Add(text);

    public void Dispose() => _source.Dispose();

    private void Count()
    {
        if (++_events == n)
        {
            _source.Cancel();
        }
    }
}
