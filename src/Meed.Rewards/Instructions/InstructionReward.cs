using System.Text.Json;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Instructions;

/// <summary>Share of the item's instructions that the response follows.</summary>
/// <remarks>
/// value = (1/n)·Σ followed_i, or 1 only when all are followed (<see cref="InstructionOptions.All"/>); strict or loose as in IFEval.
/// The item (or, without one, the reference) is an object with <c>instruction_id_list</c> (ids) and <c>kwargs</c> (one object of arguments each).
/// <para>Components: <c>strict</c> and <c>loose</c>, the two shares; <c>all</c>, 1 when every instruction is followed in the chosen reading.</para>
/// <para>Zhou et al. 2023, arXiv:2311.07911; Pyatkin et al. 2025, arXiv:2507.02833.</para>
/// </remarks>
public sealed class InstructionReward : TextVerifier
{
    private const int MostInstructions = 64;
    private const int Readings = 8;
    private readonly IReadOnlyDictionary<string, InstructionKind> _kinds;
    private readonly InstructionOptions _options;

    private InstructionReward(string name, IReadOnlyDictionary<string, InstructionKind> kinds, InstructionOptions options)
    {
        _kinds = kinds;
        _options = options;
        Schema = new RewardSchema(name, "1", ["strict", "loose", "all"], 0, 1, RewardScope.Sample, true);
    }

    /// <inheritdoc/>
    public override RewardSchema Schema { get; }

    /// <summary>The reward <c>ifeval</c>: 25 kinds.</summary>
    public static InstructionReward ForIfEval(InstructionOptions options) => new("ifeval", IfEval.Kinds, options);

    /// <summary>The reward <c>ifbench</c>: 58 kinds.</summary>
    public static InstructionReward ForIfBench(InstructionOptions options) => new("ifbench", IfBench.Kinds, options);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        if (Read(sample, out var instructions) is { } problem)
        {
            row.Fail(ScoreStatus.InvalidReference, problem);
            return;
        }

        int strict = 0, loose = 0;
        try
        {
            foreach (var (kind, arguments, cost) in instructions)
            {
                work.Charge((sample.Response.Length + 16L) * (Readings + 1) * cost);
                bool asItStands = kind.Strict(sample.Response, arguments);
                strict += asItStands ? 1 : 0;
                loose += asItStands || kind.Loose(sample.Response, arguments) ? 1 : 0;
            }
        }
        catch (InstructionException e)
        {
            row.Fail(ScoreStatus.InvalidReference, e.Message);
            return;
        }

        double n = instructions.Count;
        int chosen = _options.Loose ? loose : strict;
        row.Component(0, strict / n);
        row.Component(1, loose / n);
        row.Component(2, chosen == instructions.Count ? 1 : 0);
        row.Set(_options.All ? (chosen == instructions.Count ? 1 : 0) : chosen / n);
    }

    private string? Read(TextSample sample, out List<(InstructionKind Kind, InstructionArguments Arguments, long Cost)> instructions)
    {
        instructions = [];
        var source = Holds(sample.Item) ? sample.Item : sample.Reference;
        if (!Holds(source))
        {
            return "the item has no instruction_id_list; give ids there and their arguments in kwargs";
        }

        var ids = source.GetProperty("instruction_id_list");
        bool hasArguments = source.TryGetProperty("kwargs", out var kwargs) && kwargs.ValueKind == JsonValueKind.Array;
        int count = ids.ValueKind == JsonValueKind.Array ? ids.GetArrayLength() : 0;
        if (count is 0 or > MostInstructions || (hasArguments && kwargs.GetArrayLength() != count))
        {
            return $"instruction_id_list needs 1 to {MostInstructions} ids and kwargs as many objects";
        }

        for (int i = 0; i < count; i++)
        {
            var id = ids[i].ValueKind == JsonValueKind.String ? ids[i].GetRawText().Trim('"') : "";
            if (!_kinds.TryGetValue(id, out var kind))
            {
                return $"unknown instruction '{id[..Math.Min(id.Length, 60)]}'";
            }

            var arguments = hasArguments ? new InstructionArguments(kwargs[i]) : InstructionArguments.None;
            if (kind.Arguments.FirstOrDefault(a => !arguments.Has(a)) is { } missing)
            {
                return $"{id}: argument '{missing}' is missing";
            }

            instructions.Add((kind, arguments, 4 + (hasArguments ? kwargs[i].GetRawText().Length / 16 : 0)));
        }

        return null;
    }

    private static bool Holds(JsonElement element) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("instruction_id_list", out _);
}

/// <summary>How instructions are counted.</summary>
public sealed record InstructionOptions
{
    /// <summary>Take the loose reading: asterisks, a first and a last line may be disregarded. The strict one is IFEval's headline.</summary>
    public bool Loose { get; init; }

    /// <summary>Pay 1 only when every instruction is followed, instead of the share.</summary>
    public bool All { get; init; }
}
