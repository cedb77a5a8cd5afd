using Meed.RewardModels.Data;

namespace Meed.RewardModels.Curation;

/// <summary>The rows as they are.</summary>
public sealed class NoCuration : PreferenceCuration
{
    /// <inheritdoc/>
    public override IReadOnlyList<PreferenceRow> Apply(IReadOnlyList<PreferenceRow> training, CurationTrainer trainer) => training;
}

/// <summary>Options of <see cref="CrossPromptCuration"/>.</summary>
public sealed record CrossPromptOptions
{
    /// <summary>Share of the rows that get the fourteen comparisons with responses to other prompts, 0 to 1.</summary>
    public double Share { get; init; } = 0.3;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Share is not (>= 0 and <= 1))
        {
            yield return $"Share is {Share}; it is 0 to 1.";
        }
    }
}

/// <summary>Adds comparisons with responses to other prompts (<see cref="CrossPromptPairs"/>); none is left out by a first model.</summary>
public sealed class CrossPromptCuration(CrossPromptOptions options) : PreferenceCuration
{
    /// <inheritdoc/>
    public override IReadOnlyList<PreferenceRow> Apply(IReadOnlyList<PreferenceRow> training, CurationTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(trainer);
        PreferenceRow[] decided = [.. training.Where(Decided)];
        var rows = training.ToList();
        for (int i = 0; i < decided.Length && decided.Length > 2; i++)
        {
            if (trainer.Random.NextBool(options.Share))
            {
                int second = trainer.Random.NextInt(decided.Length - 1), third = trainer.Random.NextInt(decided.Length - 2);
                third += third >= second ? 1 : 0;
                rows.AddRange(CrossPromptPairs.Augment(decided[i], decided[(i + 1 + second) % decided.Length], decided[(i + 1 + third) % decided.Length]));
            }
        }

        return rows;
    }
}

/// <summary>Options of <see cref="VotingCuration"/>.</summary>
public sealed record VotingOptions
{
    /// <summary>Models that vote, each trained on a random half of the rows; a row is judged by those that did not see it.</summary>
    public int Models { get; init; } = 6;

    /// <summary>Share of the rows that is flipped, where the vote contradicts the label.</summary>
    public double Flip { get; init; } = 0.1;

    /// <summary>Share above it that gets a soft label.</summary>
    public double Soften { get; init; } = 0.2;

    /// <summary>τ of the soft label.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Models is < 2 or > 100)
        {
            yield return $"Models is {Models}; it is 2 to 100.";
        }

        if (Flip < 0 || Soften < 0 || Flip + Soften > 1)
        {
            yield return $"Flip is {Flip} and Soften is {Soften}; both are shares that add up to at most 1.";
        }

        if (!(Temperature > 0))
        {
            yield return $"Temperature is {Temperature}; it is above 0.";
        }
    }
}

/// <summary>Flips and softens labels by the preference strength of several models (<see cref="StrengthVoting"/>).</summary>
/// <remarks>A model is trained on half of the rows and votes on the other half only: on rows it has seen it would repeat their labels.</remarks>
public sealed class VotingCuration(VotingOptions options) : PreferenceCuration
{
    /// <inheritdoc/>
    public override IReadOnlyList<PreferenceRow> Apply(IReadOnlyList<PreferenceRow> training, CurationTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(training);
        PreferenceRow[] decided = [.. training.Where(Decided)];
        var labels = StrengthVoting.Vote(HalfVotes(decided, options.Models, trainer), options.Flip, options.Soften, options.Temperature);
        var rows = training.Where(r => !Decided(r)).ToList();
        for (int i = 0; i < decided.Length; i++)
        {
            double label = decided[i].Pairs[0].Probability > 0.5 ? labels[i].Probability : 1 - labels[i].Probability;
            rows.Add(Relabelled(decided[i], label, labels[i].Margin));
        }

        return rows;
    }

    /// <summary>Margins of each row by models that were trained on halves without it, [N][votes].</summary>
    internal static double[][] HalfVotes(PreferenceRow[] rows, int models, CurationTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var votes = rows.Select(_ => new List<double>()).ToArray();
        int[] order = [];
        for (int k = 0; k < models; k++)
        {
            // Halves come in twos, so that every row is judged.
            order = k % 2 == 0 ? trainer.Random.Permutation(rows.Length) : order;
            int half = rows.Length / 2;
            int[] seen = k % 2 == 0 ? order[..half] : order[half..], unseen = k % 2 == 0 ? order[half..] : order[..half];
            double[] margins = trainer.Margins([.. seen.Select(i => rows[i])], [.. unseen.Select(i => rows[i])]);
            for (int i = 0; i < unseen.Length; i++)
            {
                votes[unseen[i]].Add(margins[i]);
            }
        }

        return [.. votes.Select(v => v.Count > 0 ? v.ToArray() : [0.0])];
    }
}

/// <summary>Options of <see cref="AgreementCuration"/>.</summary>
public sealed record AgreementOptions
{
    /// <summary>Subset whose labels are verified.</summary>
    public string Verified { get; init; } = "verified";

    /// <summary>Probability from which a contradiction by both models flips a label, ½ to 1.</summary>
    public double Confidence { get; init; } = 0.75;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Confidence is not (>= 0.5 and < 1))
        {
            yield return $"Confidence is {Confidence}; it is 0.5 to below 1.";
        }
    }
}

/// <summary>Keeps, flips or drops unverified labels by two models: one trained on everything, one on verified rows alone (<see cref="ConsistencyCuration"/>, its second stage).</summary>
/// <remarks>The model of everything is trained on halves and judges the other half, as it would repeat labels it has seen.</remarks>
public sealed class AgreementCuration(AgreementOptions options) : PreferenceCuration
{
    /// <inheritdoc/>
    public override IReadOnlyList<PreferenceRow> Apply(IReadOnlyList<PreferenceRow> training, CurationTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(trainer);
        PreferenceRow[] verified = [.. training.Where(r => r.Subset == options.Verified && Decided(r))], others = [.. training.Where(r => r.Subset != options.Verified && Decided(r))];
        if (verified.Length == 0)
        {
            throw new PreferenceException($"Nothing is verified: no row has the subset '{options.Verified}' (curation.consistency.verified).");
        }

        double[] gold = trainer.Margins(verified, others);
        double[][] best = VotingCuration.HalfVotes(others, 2, trainer);
        var rows = verified.ToList();
        for (int i = 0; i < others.Length; i++)
        {
            var pair = others[i].Pairs[0];
            switch (ConsistencyCuration.Judge(best[i].Average(), gold[i], options.Confidence))
            {
                case CurationVerdict.Keep:
                    rows.Add(others[i]);
                    break;
                case CurationVerdict.Flip:
                    rows.Add(Relabelled(others[i], 1 - pair.Probability, pair.Margin));
                    break;
            }
        }

        return rows;
    }
}
