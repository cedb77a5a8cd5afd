using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Observations;
using Meed.Rewards;

namespace Meed.Evaluation.Studies.Worlds;

/// <summary>Options that the generated worlds of things seen share.</summary>
public abstract record SeenWorldOptions
{
    /// <summary>Comparisons to learn from; every eighth chooses the epoch.</summary>
    public int Pairs { get; init; } = 4000;

    /// <summary>Held-out comparisons, labelled by the truth.</summary>
    public int Test { get; init; } = 1000;

    /// <summary>Chance that a label to learn from is turned round.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>Every problem of this record.</summary>
    public virtual IEnumerable<string> Problems()
    {
        foreach (string problem in StudyProblems.BelowOne(("Pairs", Pairs), ("Test", Test)))
        {
            yield return problem;
        }

        if (Noise is not (>= 0 and < 0.5))
        {
            yield return $"Noise is {Noise}; it is a share below one half.";
        }
    }
}

/// <summary>A generated world whose comparisons show pictures, clips or states, and whose truth is known.</summary>
public abstract class PreferenceWorld(SeenWorldOptions options)
{
    /// <summary>Every row of a seed with its part; its order does not tell which side is better.</summary>
    public IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> Rows(ulong seed)
    {
        var random = new RandomStream(seed);
        var draw = Begin(random.Split("world", 0));
        RandomStream train = random.Split("train", 0), test = random.Split("test", 0);
        for (int i = 0; i < options.Pairs; i++)
        {
            yield return (Labelled(draw(train), train.NextBool(options.Noise)), false, i % 8 == 0 ? SplitPart.Validation : SplitPart.Train);
        }

        for (int i = 0; i < options.Test; i++)
        {
            yield return (Labelled(draw(test), false), false, SplitPart.Test);
        }
    }

    /// <summary>What draws a row of two responses whose ratings are their true rewards, and differ.</summary>
    /// <param name="random">Draws what is the same for all rows of a seed.</param>
    protected abstract Func<RandomStream, PreferenceRow> Begin(RandomStream random);

    /// <summary>Numbers from 0 to 1 as pixels of 8 bits.</summary>
    protected static byte[] Pixels(IEnumerable<float> values) => [.. values.Select(v => (byte)MathF.Round(Math.Clamp(v, 0, 1) * 255))];

    /// <summary>A row of one question and two responses.</summary>
    protected static PreferenceRow Row(string source, string prompt, Observation? shown, RatedResponse first, RatedResponse second) => new()
    {
        Source = source, Prompt = [new Message("user", prompt)], Observation = shown is null ? null : new ObservationSource(shown), Responses = [first, second],
    };

    private static PreferenceRow Labelled(PreferenceRow row, bool turned)
    {
        bool first = row.Responses[0].Rating > row.Responses[1].Rating != turned;
        return row with { Pairs = [first ? new PreferencePair(0, 1) : new PreferencePair(1, 0)] };
    }
}
