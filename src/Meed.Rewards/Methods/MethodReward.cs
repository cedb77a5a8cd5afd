using Meed.Rewards.Structure;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Methods;

/// <summary>What a method made of one sample.</summary>
/// <param name="Value">The reward.</param>
/// <param name="Components">Its parts, in the order of the schema.</param>
public readonly record struct MethodScore(double Value, params double[] Components)
{
    /// <summary>A counted reason, such as <c>unparsed</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>A fault of the policy: the reward's minimum.</summary>
    public bool Fault { get; init; }

    /// <summary>The policy's answer could not be read.</summary>
    public static MethodScore Unparsed { get; } = new(0) { Reason = "unparsed", Fault = true };
}

/// <summary>Judges a sample whose reference was read.</summary>
public delegate MethodScore MethodCheck(TextSample sample, DataValue reference, ref Work work);

/// <summary>A reward of one published method over text samples.</summary>
/// <remarks>The method's file states formula, source and the shape of the reference. A reference that <see cref="Gold"/> cannot read is the task's fault.</remarks>
public sealed class MethodReward : TextVerifier
{
    private readonly MethodCheck _check;
    private readonly double _minimum;

    /// <summary>A reward with its range and components.</summary>
    public MethodReward(string name, double minimum, double maximum, IReadOnlyList<string> components, MethodCheck check)
    {
        _check = check;
        _minimum = minimum;
        Schema = new RewardSchema(name, "1", components, minimum, maximum, RewardScope.Sample, true);
    }

    /// <inheritdoc/>
    public override RewardSchema Schema { get; }

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        work.Charge(sample.Response.Length + 1L);
        MethodScore score;
        try
        {
            var reference = DataValue.From(sample.Reference) ?? throw new GoldException("the reference is missing");
            score = _check(sample, reference, ref work);
        }
        catch (GoldException e)
        {
            row.Fail(ScoreStatus.InvalidReference, e.Message);
            return;
        }

        for (int c = 0; c < Schema.Components.Count; c++)
        {
            row.Component(c, c < score.Components.Length ? score.Components[c] : 0);
        }

        row.Set(score.Fault ? _minimum : Math.Clamp(score.Value, Schema.Minimum, Schema.Maximum), score.Reason);
    }
}

/// <summary>A reference does not have the shape a method needs.</summary>
public sealed class GoldException(string message) : Exception(message);
