using System.Text.Json;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Structure;

/// <summary>Finds the data that a response gives as its answer.</summary>
public static class DataAnswer
{
    /// <summary>The inside of the last <c>&lt;answer&gt;</c> when there is one, otherwise the whole response: as JSON in full, or (unless <paramref name="whole"/>) its last JSON object or list.</summary>
    public static DataValue? Find(string response, bool whole, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(response);
        work.Charge(response.Length + 1L);
        int open = response.LastIndexOf("<answer>", StringComparison.Ordinal);
        int close = open < 0 ? -1 : response.IndexOf("</answer>", open, StringComparison.Ordinal);
        var text = close < 0 ? response : response[(open + "<answer>".Length)..close];
        return DataReader.Read(text, ref work) ?? (whole ? null : DataReader.FindLast(text, ref work));
    }
}

/// <summary>1 when the response's JSON is valid under a schema.</summary>
/// <remarks>The schema is the option, or else the item's <c>schema</c>, or else the reference. See <see cref="JsonSchemaCheck"/> for the part of draft 2020-12 that is checked. A broken answer scores 0 with the reason <c>invalid</c>.</remarks>
public sealed class JsonSchemaReward : TextVerifier
{
    private readonly JsonSchemaOptions _options;
    private readonly JsonSchemaCheck? _fixed;

    /// <summary>A reward that checks against the schema of the options or of each item.</summary>
    public JsonSchemaReward(JsonSchemaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        if (options.Schema is { } text)
        {
            string? problem = null;
            var work = new Work(long.MaxValue);
            _fixed = DataReader.Read(text, ref work) is { } schema ? JsonSchemaCheck.Read(schema, out problem) : null;
            Problem = problem ?? (_fixed is null ? "it is no JSON" : null);
        }
    }

    /// <summary>Why the schema of the options cannot be used; null when it can or there is none.</summary>
    internal string? Problem { get; }

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("json-schema", "1", [], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        string? problem = Problem;
        var check = _fixed;
        if (_options.Schema is null)
        {
            var own = sample.Item.ValueKind == JsonValueKind.Object && sample.Item.TryGetProperty("schema", out var schema) ? schema : sample.Reference;
            check = DataValue.From(own) is { } data ? JsonSchemaCheck.Read(data, out problem) : null;
            problem ??= check is null ? "there is no schema: give it as the option, in the item or as the reference" : null;
        }

        if (check is null)
        {
            row.Fail(ScoreStatus.InvalidReference, problem!);
        }
        else if (DataAnswer.Find(sample.Response, _options.Whole, ref work) is not { } value)
        {
            row.Fault("unparsed");
        }
        else if (check.FirstError(value, ref work) is null)
        {
            row.Set(1);
        }
        else
        {
            row.Set(0, "invalid");
        }
    }
}

/// <summary>Options of <see cref="JsonSchemaReward"/>.</summary>
public sealed record JsonSchemaOptions
{
    /// <summary>The schema as JSON text; without it each item or reference brings its own.</summary>
    public string? Schema { get; init; }

    /// <summary>The whole answer must be JSON; otherwise the last object or list in it counts.</summary>
    public bool Whole { get; init; }

    /// <summary>Every problem of these options.</summary>
    public IEnumerable<string> Problems()
    {
        if (Schema is not null && new JsonSchemaReward(this).Problem is { } problem)
        {
            yield return $"schema: {problem}.";
        }
    }
}

/// <summary>Equality of the response's JSON with the reference, with credit for each right leaf when asked.</summary>
/// <remarks>
/// value = 1 when equal, otherwise 0, or with <see cref="JsonMatchOptions.Part"/> the share of leaves that are right; unwanted leaves count into the denominator.
/// Component <c>leaves</c> is that share. The reference is JSON, or a text that holds JSON.
/// </remarks>
public sealed class JsonMatchReward(JsonMatchOptions options) : TextVerifier
{
    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("json-match", "1", ["leaves"], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        var unlimited = new Work(long.MaxValue);
        var expected = DataValue.From(sample.Reference);
        expected = expected is { Kind: DataKind.Text } && DataReader.Read(expected.Text, ref unlimited) is { } inner ? inner : expected;
        if (expected is null)
        {
            row.Fail(ScoreStatus.InvalidReference, "there is no reference; give the expected JSON");
            return;
        }

        if (DataAnswer.Find(sample.Response, options.Whole, ref work) is not { } value)
        {
            row.Component(0, 0);
            row.Fault("unparsed");
            return;
        }

        var comparison = new DataComparison { Tolerance = options.Tolerance, LooseText = options.LooseText, AnyOrder = options.AnyOrder, ExtraFields = options.ExtraFields };
        double share = DataEquality.LeafShare(value, expected, comparison, ref work);
        bool equal = DataEquality.AreEqual(value, expected, comparison, ref work);
        row.Component(0, share);
        row.Set(equal ? 1 : options.Part ? share : 0);
    }
}

/// <summary>Options of <see cref="JsonMatchReward"/>.</summary>
public sealed record JsonMatchOptions
{
    /// <summary>Relative difference up to which numbers count as equal.</summary>
    public double Tolerance { get; init; }

    /// <summary>Compare texts without case and outer white space.</summary>
    public bool LooseText { get; init; }

    /// <summary>Lists may come in any order.</summary>
    public bool AnyOrder { get; init; }

    /// <summary>Accept fields that the reference does not have.</summary>
    public bool ExtraFields { get; init; }

    /// <summary>Pay the share of right leaves.</summary>
    public bool Part { get; init; }

    /// <summary>The whole answer must be JSON; otherwise the last object or list in it counts.</summary>
    public bool Whole { get; init; }

    /// <summary>Every problem of these options.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Tolerance >= 0 && Tolerance < 1))
        {
            yield return $"tolerance is {Tolerance}: a relative difference of 0 or more and below 1 is needed.";
        }
    }
}
