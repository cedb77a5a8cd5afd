namespace Meed.Tasks.PreferenceSet;

/// <summary>A generated response with what is true of it.</summary>
/// <param name="Text">The response.</param>
/// <param name="Gold">Right facts minus wrong ones.</param>
/// <param name="Fillers">Gold-neutral sentences.</param>
/// <param name="Warm">True when it has the warm sentence.</param>
/// <param name="Example">True when it has an example.</param>
/// <param name="Marked">True when it begins with the marker.</param>
public sealed record DescribedResponse(string Text, double Gold, int Fillers, bool Warm, bool Example, bool Marked)
{
    /// <summary>Its value by each criterion, in the order of <see cref="PreferenceSetTask.Criteria"/>.</summary>
    public double By(int criterion) => criterion switch { 0 => Gold, 1 => Warm ? 1 : 0, 2 => -Fillers, _ => Example ? 1 : 0 };
}

/// <summary>A generated comparison.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="First">One response.</param>
/// <param name="Second">The other.</param>
/// <param name="Probability">The label: 1 where the first is said to be better, 0 where the second is, ½ for a tie.</param>
/// <param name="Truth">What the noiseless judge says: 1, 0 or ½.</param>
/// <param name="Annotator">Who judged; null with one group.</param>
/// <param name="Group">The annotator's group.</param>
/// <param name="Context">The criterion; null where none is named.</param>
public sealed record DescribedPair(string Prompt, DescribedResponse First, DescribedResponse Second, double Probability, double Truth, string? Annotator = null, int Group = 0, string? Context = null)
{
    /// <summary>True when the label was checked and is the truth.</summary>
    public bool Verified { get; init; }

    /// <summary>Worth of each side to the judge who labelled it, flaws included; where the label was turned round, so are these.</summary>
    public (double First, double Second) Ratings { get; init; }
}

/// <summary>Candidates for one prompt, to choose among.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Responses">The candidates.</param>
public sealed record DescribedCandidates(string Prompt, IReadOnlyList<DescribedResponse> Responses);
