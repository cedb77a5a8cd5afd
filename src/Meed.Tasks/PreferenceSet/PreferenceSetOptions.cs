namespace Meed.Tasks.PreferenceSet;

/// <summary>Size and stated flaws of a generated set of preferences. Without flaws every label follows the gold reward.</summary>
public sealed record PreferenceSetOptions
{
    /// <summary>Training comparisons; a fifth of the prompts among them form the validation part.</summary>
    public int Pairs { get; init; } = 2000;

    /// <summary>Held-out comparisons, labelled by the gold reward.</summary>
    public int Test { get; init; } = 1000;

    /// <summary>Things that prompts ask about, each with six facts that only labels teach; 2 to 60.</summary>
    public int Things { get; init; } = 20;

    /// <summary>Fewest facts of a response.</summary>
    public int FewestFacts { get; init; } = 2;

    /// <summary>Most facts of a response; at most 6.</summary>
    public int MostFacts { get; init; } = 4;

    /// <summary>Most gold-neutral sentences of a response.</summary>
    public int Fillers { get; init; } = 3;

    /// <summary>Least difference in worth between the sides of a comparison that is no tie.</summary>
    public double Gap { get; init; } = 1;

    /// <summary>Temperature of the judge: label by Bradley and Terry with worth divided by it; 0 for the larger worth.</summary>
    public double Temperature { get; init; }

    /// <summary>Share of training labels that are turned round, 0 to 1.</summary>
    public double Noise { get; init; }

    /// <summary>Share of training comparisons that are verified: labelled by the truth, in a subset of that name.</summary>
    public double Verified { get; init; }

    /// <summary>Worth that the training judge adds for each gold-neutral sentence.</summary>
    public double LengthBias { get; init; }

    /// <summary>Share of training comparisons in which the preferred side, rather than the other, begins with a marker word; 0 for no markers, 0.5 for markers that mean nothing.</summary>
    public double Marker { get; init; }

    /// <summary>The same share among held-out comparisons, where there are markers.</summary>
    public double MarkerInTest { get; init; } = 0.5;

    /// <summary>Share of training comparisons that come a second time.</summary>
    public double Duplicates { get; init; }

    /// <summary>Share of training comparisons that come a second time with the opposite label.</summary>
    public double Contradictions { get; init; }

    /// <summary>Share of training comparisons between equal worths, labelled as ties.</summary>
    public double Ties { get; init; }

    /// <summary>Groups of annotators; with more than one, each has tastes of its own in warmth, brevity and examples.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Weight of those tastes beside accuracy.</summary>
    public double Taste { get; init; } = 2;

    /// <summary>Annotators of a group.</summary>
    public int AnnotatorsPerGroup { get; init; } = 5;

    /// <summary>Criteria by which comparisons are judged, each by one of them: accuracy, warmth, brevity, examples. 0 for accuracy without saying so; 2 to 4.</summary>
    public int Contexts { get; init; }

    /// <summary>Share of comparisons under a criterion that stand a second time under another criterion which says the opposite, in training and test.</summary>
    public double Reversals { get; init; }

    /// <summary>Share of held-out comparisons whose worse side describes another thing, with right facts.</summary>
    public double OffTopic { get; init; }

    /// <summary>Gold-neutral sentences that held-out responses and candidates may have beyond training.</summary>
    public int Shift { get; init; }

    /// <summary>Which facts are true; another number is another world.</summary>
    public int World { get; init; }

    /// <summary>Share of the prompts that are held out.</summary>
    public double HeldOutShare { get; init; } = 0.3;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, value, low, high) in ((string, int, int, int)[])
            [("Pairs", Pairs, 1, 1_000_000), ("Test", Test, 1, 1_000_000), ("Things", Things, 2, 60), ("FewestFacts", FewestFacts, 1, 6), ("MostFacts", MostFacts, 1, 6), ("Fillers", Fillers, 0, 20), ("Groups", Groups, 1, 8), ("AnnotatorsPerGroup", AnnotatorsPerGroup, 1, 1000), ("Shift", Shift, 0, 20)])
        {
            if (value < low || value > high)
            {
                yield return $"{name} is {value}; it is {low} to {high}.";
            }
        }

        foreach (var (name, value) in ((string, double)[])[("Noise", Noise), ("Verified", Verified), ("Marker", Marker), ("MarkerInTest", MarkerInTest), ("Duplicates", Duplicates), ("Contradictions", Contradictions), ("Ties", Ties), ("Reversals", Reversals), ("OffTopic", OffTopic)])
        {
            if (value is not (>= 0 and <= 1))
            {
                yield return $"{name} is {value}; it is a share, 0 to 1.";
            }
        }

        if (FewestFacts > MostFacts)
        {
            yield return $"FewestFacts is {FewestFacts}, above MostFacts, {MostFacts}.";
        }

        if (!(Gap > 0) || Gap > MostFacts)
        {
            yield return $"Gap is {Gap}; it is above 0 and at most MostFacts, {MostFacts}.";
        }

        if (!(Temperature >= 0) || !double.IsFinite(LengthBias) || !(Taste >= 0))
        {
            yield return $"Temperature is {Temperature}, LengthBias {LengthBias}, Taste {Taste}; temperature and taste are 0 or more, the bias is finite.";
        }

        if (Contexts is not (0 or 2 or 3 or 4))
        {
            yield return $"Contexts is {Contexts}; it is 0, or 2 to 4.";
        }

        if (Contexts > 0 && Groups > 1)
        {
            yield return $"Contexts is {Contexts} and Groups is {Groups}; use one of them.";
        }

        if (Reversals > 0 && Contexts == 0)
        {
            yield return $"Reversals is {Reversals} without criteria; set Contexts to 2 or more.";
        }

        if (HeldOutShare is not (> 0 and < 1))
        {
            yield return $"HeldOutShare is {HeldOutShare}; it is a share inside 0 to 1.";
        }
    }
}
