namespace Meed.Rewards;

/// <summary>128 bits that stand for a sample: equal samples have equal keys, others practically never.</summary>
/// <param name="High">Upper half.</param>
/// <param name="Low">Lower half.</param>
public readonly record struct SampleKey(ulong High, ulong Low);

/// <summary>What combinators have to know about a kind of sample: its identity, its length, its named fields.</summary>
/// <typeparam name="TSample">The kind of sample.</typeparam>
public abstract class SampleTraits<TSample>
{
    /// <summary>A key over everything a reward may look at.</summary>
    public abstract SampleKey KeyOf(TSample sample);

    /// <summary>A key over everything except what <see cref="ReadsBeyond"/> tells about; the whole sample unless a kind of sample says otherwise.</summary>
    public virtual SampleKey ContentKeyOf(TSample sample) => KeyOf(sample);

    /// <summary>A key over what <see cref="ContentKeyOf"/> leaves out.</summary>
    public virtual SampleKey BeyondKeyOf(TSample sample) => default;

    /// <summary>True when somebody looked at what <see cref="ContentKeyOf"/> leaves out, so that a score may depend on it.</summary>
    public virtual bool ReadsBeyond(TSample sample) => false;

    /// <summary>Length of the part that the policy wrote; null when it was not counted in this unit.</summary>
    public abstract int? LengthOf(TSample sample, LengthUnit unit);

    /// <summary>The text of a field by its path, such as <c>item.kind</c>; null when the sample has none.</summary>
    public abstract string? FieldOf(TSample sample, string path);
}

/// <summary>What lengths count.</summary>
public enum LengthUnit : byte
{
    /// <summary>UTF-16 code units.</summary>
    Characters,

    /// <summary>Tokens of the policy's tokenizer.</summary>
    Tokens,

    /// <summary>Runs of characters between white space.</summary>
    Words,
}
