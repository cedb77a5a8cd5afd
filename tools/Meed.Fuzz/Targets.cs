using System.Text;
using System.Text.Json;
using Meed.Evaluation.Audit;
using Meed.Evaluation.Rollouts;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;
using Meed.Recipes.Documents;
using Meed.Recipes.Report;
using Meed.Recipes.Reproductions;
using Meed.Recipes.Training;
using Meed.Rewards;
using Meed.Rewards.Caching;
using Meed.Rewards.Combinators;
using Meed.Rewards.Documents;
using Meed.Rewards.Files;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Fuzz;

/// <summary>One parser under test: seeds and what to do with a mutated input. It may throw only what <see cref="Allowed"/> names.</summary>
/// <param name="Name">Shown, and chosen with <c>--only</c>.</param>
/// <param name="Seeds">What is mutated.</param>
/// <param name="Run">Reads one input.</param>
/// <param name="Allowed">True for the parser's own sentence.</param>
/// <param name="Joined">Mutated inputs in one run: lines of one file, whose reader judges each alone, so that opening the file does not set the pace.</param>
internal sealed record Target(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[]> Run, Func<Exception, bool> Allowed, int Joined = 1)
{
    /// <summary>The next input.</summary>
    public byte[] Next(Mutator mutator)
    {
        using var input = new MemoryStream();
        for (int i = 0; i < Joined; i++)
        {
            input.Write(mutator.Next(Seeds));
            if (i < Joined - 1)
            {
                input.WriteByte((byte)'\n');
            }
        }

        return input.ToArray();
    }
}

/// <summary>Everything that reads input from outside.</summary>
internal static class Targets
{
    private static readonly string[] s_answers =
    [
        "The answer is \\boxed{\\frac{3}{4}}.", "#### 1,234.50", "so 12% of \\$50 is $6", "(3+4)*5 - 2", "x = \\pm \\sqrt{2}, y \\in [0, \\infty)", "<think>a</think><answer>B</answer>",
        "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\", \"days\": 3}}", "(A) 42 because [1] and [2]", "[[0.1, 0.2, 0.5, 0.9], [10, 20, 30, 40]]", "1. First\n2. Second\n\n**Bold** and P.S. done",
        "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "2026-11-21, 10:30 pm", "\\log_2 8 + \\binom{5}{2} + 3!", "f(x) = x^2 + 2x + 1",
    ];

    /// <summary>Where inputs that are files go: memory where the system has such a folder, so that the disk's flushes do not set the pace.</summary>
    internal static string Scratch { get; } = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public static IEnumerable<Target> All(string root)
    {
        yield return new Target("json document", Texts("""{"sum":[{"numeric-answer":{},"weight":1},{"length":{"max":64},"weight":0.1,"name":"short"}]}""", "\"numeric-answer\"", "{\"gate\":{\"if\":\"tags\",\"then\":\"numeric-answer\",\"atLeast\":0.5}}"),
            b => RewardDocuments.Bind(DocumentJson.Read(b, "fuzz"), RewardCatalog.All, "fuzz"), e => e is DocumentException);
        yield return new Target("yaml reward", Texts("sum:\n  - countdown: {}\n    weight: 1\n  - { length: { max: 64 }, weight: 0.1 }\n", "cache: { of: numeric-answer, capacity: 10 }", "sum:\n  - &a { length: { max: 64 } }\n  - *a\n"),
            b => RewardDocuments.Bind(YamlReader.Read(Encoding.UTF8.GetString(b), "fuzz"), RewardCatalog.All, "fuzz"), e => e is DocumentException);
        yield return new Target("recipe", [.. Directory.EnumerateFiles(Path.Combine(root, "recipes"), "*.yaml").Select(File.ReadAllBytes)],
            b => RecipeKinds.Read(YamlReader.Read(Encoding.UTF8.GetString(b), "fuzz"), "fuzz"), e => e is DocumentException);
        var reproductions = ReproductionReader.Files(Path.Combine(root, "reproductions")).Select(File.ReadAllBytes).ToArray();
        if (reproductions.Length > 0)
        {
            yield return new Target("reproduction", reproductions, b => ReproductionReader.Read(YamlReader.Read(Encoding.UTF8.GetString(b), "fuzz"), "fuzz"), e => e is DocumentException);
        }

        yield return new Target("config.json", Texts("""{"architectures":["LlamaForCausalLM"],"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"intermediate_size":128,"vocab_size":100,"rms_norm_eps":1e-5,"rope_theta":10000.0,"max_position_embeddings":128,"tie_word_embeddings":false}"""),
            b => TransformerConfig.Parse("config.json", b), e => e is InvalidDataException);
        yield return new Target("tokenizer.json", [TokenizerSeed(new CharacterTokenizer("abc 123")), TokenizerSeed(BpeTrainer.Train(["low lower lowest", "new newer newest"], 300))],
            b => TokenizerFile.Parse("tokenizer.json", b), e => e is InvalidDataException);
        yield return SafetensorsTarget();
        yield return ScorerTarget();
        foreach (var target in GraderTargets.All().Concat(ServerTargets.All()).Concat(PreferenceTargets.All(root)))
        {
            yield return target;
        }

        yield return CacheTarget();
        foreach (var format in Enum.GetValues<RolloutFormat>())
        {
            yield return RolloutTarget(format, root);
        }
        foreach (var entry in RewardCatalog.All.Entries.Where(e => e.Kind == "verifier"))
        {
            if (VerifierTarget(entry.Name) is { } target)
            {
                yield return target;
            }
        }
    }

    private static Target? VerifierTarget(string name)
    {
        RewardDocument<TextSample> document;
        try
        {
            document = RewardDocuments.Parse($"{{\"{name}\": {{}}}}", RewardCatalog.All);
        }
        catch (DocumentException)
        {
            return null;   // needs options; its own tests fuzz it
        }

        var reward = document.Reward;
        return new Target(name, Texts(s_answers), bytes =>
        {
            string answer = Encoding.UTF8.GetString(bytes);
            foreach (string reference in (string[])["42", "\\frac{3}{4}", "[1, 2, 3, 4]"])
            {
                var scores = reward.ScoreAsync([TextSample.Of(answer, reference, "prompt")], RewardContext.Default with { Threads = 1 }).AsTask().GetAwaiter().GetResult();
                if (scores.Status[0] is not (ScoreStatus.Ok or ScoreStatus.InvalidReference or ScoreStatus.NotApplicable))
                {
                    throw new InvalidOperationException($"status {scores.Status[0]}: {scores.Reasons[0]}");
                }

                if (scores.Status[0] == ScoreStatus.Ok && !(scores.Values[0] >= reward.Schema.Minimum && scores.Values[0] <= reward.Schema.Maximum))
                {
                    throw new InvalidOperationException($"value {scores.Values[0]} outside {reward.Schema.Minimum} to {reward.Schema.Maximum}");
                }
            }
        }, _ => false);
    }

    private static Target SafetensorsTarget()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, [("model.a", Tensor.From([1, 2, 3, 4, 5, 6], 2, 3)), ("model.b", Tensor.From([1], 1))]);
        string path = Path.Combine(Scratch, $"meed-fuzz-{Environment.ProcessId}.safetensors");
        return new Target("safetensors", [stream.ToArray()], bytes =>
        {
            File.WriteAllBytes(path, bytes);
            try
            {
                using var file = Safetensors.Open(path);
                foreach (string name in file.Entries.Keys)
                {
                    file.Read(name).ToArray();
                }
            }
            finally
            {
                File.Delete(path);
            }
        }, e => e is InvalidDataException);
    }

    private static Target ScorerTarget()
    {
        var reward = RewardDocuments.Parse("\"numeric-answer\"", RewardCatalog.All).Reward;
        string path = Path.Combine(Scratch, $"meed-fuzz-{Environment.ProcessId}.jsonl");
        return new Target("score file", Texts("""{"response":"it is 42","reference":"42","prompt":"?"}""" + "\n{\"response\":\"\\u0041\",\"answer\":7}\n\n{\"a\":{\"b\":[1,2]}}"), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            try
            {
                new FileScorer(reward, new FileScorerOptions { Inputs = [path], Output = path + ".out", Threads = 1 }).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
                foreach (string line in File.ReadLines(path + ".out"))
                {
                    JsonDocument.Parse(line).Dispose();
                }
            }
            finally
            {
                File.Delete(path);
                File.Delete(path + ".out");
            }
        }, e => e is FileScoringException, Joined: 64);
    }

    private static Target CacheTarget()
    {
        var document = RewardDocuments.Parse("""{"sum": ["numeric-answer", {"length": {"max": 9}}]}""", RewardCatalog.All);
        TextSample[] samples = [.. Enumerable.Range(0, 5).Select(i => TextSample.Of($"it is {i}", "3"))];
        var plain = document.Reward.ScoreAsync(samples, RewardContext.Default).AsTask().GetAwaiter().GetResult();
        string path = Path.Combine(Scratch, $"meed-fuzz-{Environment.ProcessId}.cache");
        Scores Score()
        {
            using var store = ScoreStore.Open(path);
            return new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash).ScoreAsync(samples, RewardContext.Default).AsTask().GetAwaiter().GetResult();
        }

        File.Delete(path);
        Score();
        byte[] seed = File.ReadAllBytes(path);
        File.Delete(path);
        return new Target("score cache", [seed], bytes =>
        {
            File.WriteAllBytes(path, bytes);
            try
            {
                if (!Score().Values.SequenceEqual(plain.Values))
                {
                    throw new InvalidOperationException("a damaged cache changed a score");
                }
            }
            finally
            {
                File.Delete(path);
            }
        }, e => e is ScoreStoreException);
    }

    private static Target RolloutTarget(RolloutFormat format, string root)
    {
        var seeds = Directory.EnumerateFiles(Path.Combine(root, "tests/Meed.Rewards.Tests/Files/Rollouts")).Where(f => format == RolloutFormat.Auto || Path.GetFileName(f).StartsWith(format.ToString(), StringComparison.OrdinalIgnoreCase)).Select(File.ReadAllBytes).ToArray();
        string path = Path.Combine(Scratch, $"meed-fuzz-{Environment.ProcessId}.rollouts");
        var reward = RewardDocuments.Parse("\"exact-match\"", RewardCatalog.All).Reward;
        return new Target($"rollouts {format}", seeds, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            try
            {
                var options = new RolloutOptions { Inputs = [path], Format = format, RewardKey = "acc" };
                var reader = new RolloutReader(options);
                var auditor = new Auditor(null, "acc");
                foreach (var row in reader.Rows(CancellationToken.None))
                {
                    auditor.Add(row, 1);
                }

                AuditReport.Render(auditor.Finish(), "fuzz", []);
                new Rescorer(reward, null, new RescoreOptions { Threads = 1 }).RunAsync(new RolloutReader(options).Rows(CancellationToken.None), CancellationToken.None).GetAwaiter().GetResult();
            }
            finally
            {
                File.Delete(path);
            }
        }, e => e is FileScoringException, Joined: 16);
    }

    private static byte[] TokenizerSeed(ITokenizer tokenizer)
    {
        string path = Path.GetTempFileName();
        TokenizerFile.Save(tokenizer, path);
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    internal static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
