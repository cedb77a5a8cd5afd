using System.Text.Json;
using Meed.Evaluation.Bench;
using Meed.Rewards;

namespace Meed.Evaluation.Tests.Bench;

/// <summary>Hand-made files in public layouts, written for one test.</summary>
internal sealed class BenchFile : IDisposable
{
    public BenchFile(string name, params string[] lines)
    {
        Folder = Directory.CreateTempSubdirectory("meed-bench").FullName;
        Path = System.IO.Path.Combine(Folder, name);
        File.WriteAllLines(Path, lines);
    }

    public string Folder { get; }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Folder, true);

    public BenchData Load(string suite) => BenchData.Load(BenchSuite.All.Single(s => s.Name == suite), [Path]);

    public static string Json(object row) => JsonSerializer.Serialize(row);
}

/// <summary>A reward that reads its score from the text: "score=3.5 ...", or one computed.</summary>
internal sealed class Spoken(Func<TextSample, double>? score = null) : Verifier<TextSample>
{
    public override RewardSchema Schema { get; } = new("spoken", "1", [], -100, 100, RewardScope.Sample, true);

    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row) => row.Set(score is not null ? score(sample) : double.Parse(sample.Response.Split(['=', ' '])[1], System.Globalization.CultureInfo.InvariantCulture));

    public static RewardScorer Scorer(Func<TextSample, double>? score = null, string name = "spoken") => new(name, new Spoken(score));
}
