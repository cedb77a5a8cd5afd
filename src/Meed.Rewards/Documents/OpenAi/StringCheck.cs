using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Documents.OpenAi;

/// <summary>OpenAI's <c>string_check</c>: 1 when a text and a reference stand in a relation, else 0.</summary>
/// <remarks>
/// <c>eq</c> equal and <c>ne</c> different, capital letters counting; <c>like</c> the input contains the reference, <c>ilike</c> the same without capital letters. Nothing is normalised.
/// Every text contains the empty one, so an empty reference of <c>like</c> is the task's fault, or the policy's where the reference is made from its sample.
/// <para>Source: OpenAI's guide to graders.</para>
/// </remarks>
public sealed class StringCheck(string name, string operation, Template input, Template reference) : TextVerifier
{
    /// <summary>The operations; some guides print <c>neq</c> for <c>ne</c>.</summary>
    public static IReadOnlyList<string> Operations { get; } = ["eq", "ne", "like", "ilike", "neq"];

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new(name, "1", [], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        var scope = new TemplateScope(sample);
        string left = input.Fill(scope, ref work, out var fault, out var reason);
        if (GraderFaults.Stops(fault, reason, ref row))
        {
            return;
        }

        string right = reference.Fill(scope, ref work, out fault, out reason);
        if (GraderFaults.Stops(fault, reason, ref row))
        {
            return;
        }

        work.Charge(left.Length + right.Length + 1L);
        if (right.Length == 0 && operation is "like" or "ilike")
        {
            GraderFaults.Stops(reference.UsesSample ? TemplateFault.Sample : TemplateFault.Item, "empty reference", ref row);
            return;
        }

        bool holds = operation switch
        {
            "eq" => string.Equals(left, right, StringComparison.Ordinal),
            "like" => left.Contains(right, StringComparison.Ordinal),
            "ilike" => left.Contains(right, StringComparison.OrdinalIgnoreCase),
            _ => !string.Equals(left, right, StringComparison.Ordinal),
        };
        row.Set(holds ? 1 : 0);
    }
}

/// <summary>What a template that could not be filled in means for a row.</summary>
public static class GraderFaults
{
    /// <summary>Sets the row and gives true when there was a fault: the policy's scores the minimum, the task's carries no number.</summary>
    public static bool Stops(TemplateFault fault, string? reason, ref ScoreRow row)
    {
        switch (fault)
        {
            case TemplateFault.None:
                return false;
            case TemplateFault.Sample:
                row.Fault(reason ?? "unparsed");
                return true;
            default:
                row.Fail(ScoreStatus.InvalidReference, reason ?? "missing item");
                return true;
        }
    }
}
