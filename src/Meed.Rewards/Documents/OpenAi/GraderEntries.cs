using Meed.Rewards.Code;
using Meed.Rewards.Combinators;
using Meed.Rewards.Text;

namespace Meed.Rewards.Documents.OpenAi;

/// <summary>Catalog lines of the graders that need nothing outside this package; those that ask a chat model are listed by the package that can.</summary>
internal static class GraderEntries
{
    private const int MostGraders = 64;

    public static IReadOnlyList<CatalogEntry> All { get; } =
    [
        Line("string_check", "OpenAI grader: equal, different or contained.", Check),
        Line("text_similarity", "OpenAI grader: one of eleven text metrics.", Similarity),
        Line("multi", "OpenAI grader: a formula over named graders.", Multi),
        Line("python", "OpenAI grader: a program with grade(sample, item), run in the sandbox.", Python),
        Line("endpoint", "Azure grader that calls a server; refused, because Meed is that server.", Endpoint),
    ];

    private static CatalogEntry Line(string name, string summary, RewardFactory<TextSample> factory)
        => new(name, "grader", [], summary, "OpenAI, guide to graders", null, factory);

    private static StringCheck? Check(DocumentNode node, string path, RewardBuilder<TextSample> builder)
    {
        var reader = new GraderReader<TextSample>(node, path, builder, "input", "reference", "operation");
        var (input, reference, operation) = (reader.Template("input"), reader.Template("reference"), reader.Choice("operation", StringCheck.Operations));
        if (operation is "like" or "ilike" && reference is { IsConstant: true } && reader["reference"] is { Text.Length: 0 })
        {
            reader.Problem("reference", "is empty, and every text contains the empty one.");
        }

        return reader.Ok ? new StringCheck(reader.Name, operation!, input!, reference!) : null;
    }

    private static TextSimilarity? Similarity(DocumentNode node, string path, RewardBuilder<TextSample> builder)
    {
        var reader = new GraderReader<TextSample>(node, path, builder, "input", "reference", "evaluation_metric", "pass_threshold");
        var (input, reference, metric, threshold) = (reader.Template("input"), reader.Template("reference"), reader.Choice("evaluation_metric", TextSimilarity.Metrics), reader.Number("pass_threshold"));
        return reader.Ok ? new TextSimilarity(reader.Name, metric!, input!, reference!, threshold, builder.Registry.Service<ITokenEmbedding>() ?? new HashedEmbedding()) : null;
    }

    private static MultiGrader? Multi(DocumentNode node, string path, RewardBuilder<TextSample> builder)
    {
        var reader = new GraderReader<TextSample>(node, path, builder, "graders", "calculate_output");
        string? text = reader.Text("calculate_output");
        if (reader["graders"] is not { Kind: NodeKind.Map, Entries.Count: > 0 and <= MostGraders } map)
        {
            reader.Problem("graders", reader["graders"] is null ? "is missing." : $"must be a map of 1 to {MostGraders} names with a grader each.");
            return null;
        }

        // The SDK's type shows one grader in the place of the map; it then goes by its own name.
        var entries = map["type"] is { Kind: NodeKind.Scalar } ? [new DocumentEntry(GraderNames.Label(map["name"]?.Text ?? ""), map, map.Line, map.Column)] : map.Entries;
        var rewards = new List<IReward<TextSample>>();
        foreach (var entry in entries)
        {
            if (entry.Key.Length > 64 || !entry.Key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_') || char.IsAsciiDigit(entry.Key.FirstOrDefault('0')))
            {
                reader.Problem("graders", $"has the name '{entry.Key}'; a formula can use names of letters, digits and _ that do not begin with a digit, at most 64.");
            }
            else if (Formula.Functions.Contains(entry.Key))
            {
                reader.Problem("graders", $"has the name '{entry.Key}', which is a function of the formula. Rename the grader.");
            }

            if (builder.Build(entry.Value, $"{reader.Join("graders")}.{entry.Key}", map) is { } reward)
            {
                rewards.Add(reward.Schema.Name == entry.Key ? reward : new Named<TextSample>(reward, entry.Key));
            }
        }

        if (text is null || !reader.Ok)
        {
            return null;
        }

        if (Formula.Parse(text, [.. entries.Select(e => e.Key)], out string? problem) is not { } formula)
        {
            reader.Problem("calculate_output", problem!);
            return null;
        }

        return new MultiGrader(reader.Name, rewards, formula);
    }

    private static PythonGrader? Python(DocumentNode node, string path, RewardBuilder<TextSample> builder)
    {
        var reader = new GraderReader<TextSample>(node, path, builder, "source", "image_tag", "range", "pass_threshold");
        var (source, (low, high)) = (reader.Text("source"), reader.Range());
        if (source is not null && PythonGrader.SizeOf(source) > PythonGrader.LongestSource)
        {
            reader.Problem("source", $"has {PythonGrader.SizeOf(source)} bytes; at most {PythonGrader.LongestSource} are possible.");
        }

        if (builder.Registry.Service<ProgramRule>() is { Allowed: false })
        {
            reader.Problem("type", "is python, and this profile runs no programs that it is sent; allow-code: true in the profile allows it.");
        }

        var sandbox = builder.Registry.Service<CodeSandbox>() ?? CodeSandbox.Default;
        if (reader.Ok && sandbox.Missing is { } missing)
        {
            reader.Problem("type", $"is python, and programs cannot be run here. {missing}");
        }

        return reader.Ok ? new PythonGrader(reader.Name, source!, low, high, sandbox) : null;
    }

    private static IReward<TextSample>? Endpoint(DocumentNode node, string path, RewardBuilder<TextSample> builder)
    {
        builder.Binder.Problems.Add(builder.Binder.File, node.Line, $"{path}.type is endpoint: Azure then calls a server, and meed serve is one. Serve this profile at /p/{{profile}}/grade and write the reward itself here.");
        return null;
    }
}
