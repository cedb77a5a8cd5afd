using System.Buffers.Binary;
using System.Text;

namespace Meed.Rewards.Caching;

/// <summary>One row of scores on its own, as it came out.</summary>
/// <remarks>Status Unset marks a content whose score depends on the sample's item: the score then lies under a key that holds the item too.</remarks>
internal sealed record StoredScore(ScoreStatus Status, double Value, long Work, string? Reason, double[] Components, IReadOnlyList<ScoreSegment>? Segments)
{
    public static StoredScore AskWithItem { get; } = new(ScoreStatus.Unset, 0, 0, null, [], null);

    /// <summary>Appends the score to a buffer; numbers as their bits, so that reading gives them back exactly.</summary>
    public void Write(BinaryWriter to)
    {
        to.Write((byte)Status);
        to.Write(Value);
        to.Write(Work);
        to.Write(Reason is not null);
        if (Reason is not null)
        {
            byte[] reason = Encoding.Unicode.GetBytes(Reason);   // keeps a lone surrogate
            to.Write(reason.Length);
            to.Write(reason);
        }

        to.Write(Components.Length);
        foreach (double component in Components)
        {
            to.Write(component);
        }

        to.Write(Segments?.Count ?? -1);
        foreach (var segment in Segments ?? [])
        {
            to.Write(segment.Start);
            to.Write(segment.End);
            to.Write(segment.Value);
            to.Write((byte)segment.Unit);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false when the bytes are something else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out StoredScore score)
    {
        score = AskWithItem;
        if (!Take(ref from, 18, out var head) || head[0] > (byte)ScoreStatus.JudgeError || head[17] > 1)
        {
            return false;
        }

        string? reason = null;
        if (head[17] == 1)
        {
            if (!TakeCount(ref from, 1, out int length) || (length & 1) != 0 || !Take(ref from, length, out var text))
            {
                return false;
            }

            reason = Encoding.Unicode.GetString(text);
        }

        if (!TakeCount(ref from, 8, out int count))
        {
            return false;
        }

        var components = new double[count];
        for (int i = 0; i < count; i++)
        {
            components[i] = BinaryPrimitives.ReadDoubleLittleEndian(from[(8 * i)..]);
        }

        from = from[(8 * count)..];
        if (!Take(ref from, 4, out var size))
        {
            return false;
        }

        ScoreSegment[]? segments = null;
        int segmentCount = BinaryPrimitives.ReadInt32LittleEndian(size);
        if (segmentCount >= 0)
        {
            if (from.Length != 17L * segmentCount)
            {
                return false;
            }

            segments = new ScoreSegment[segmentCount];
            for (int i = 0; i < segmentCount; i++, from = from[17..])
            {
                segments[i] = new ScoreSegment(BinaryPrimitives.ReadInt32LittleEndian(from), BinaryPrimitives.ReadInt32LittleEndian(from[4..]), BinaryPrimitives.ReadDoubleLittleEndian(from[8..]), (SegmentUnit)from[16]);
            }
        }

        score = new StoredScore((ScoreStatus)head[0], BinaryPrimitives.ReadDoubleLittleEndian(head[1..]), BinaryPrimitives.ReadInt64LittleEndian(head[9..]), reason, components, segments);
        return from.IsEmpty;
    }

    /// <summary>Takes a row out of scores.</summary>
    public static StoredScore Of(Scores scores, int row)
    {
        var components = new double[scores.Schema.Components.Count];
        for (int c = 0; c < components.Length; c++)
        {
            components[c] = scores.Component(c)[row];
        }

        return new StoredScore(scores.Status[row], scores.Values[row], scores.Work[row], scores.Reasons[row], components, scores.Segments[row]);
    }

    /// <summary>Puts the row back; false when the scores have other components.</summary>
    public bool CopyTo(Scores scores, int row)
    {
        if (Components.Length != scores.Schema.Components.Count)
        {
            return false;
        }

        (scores.Status[row], scores.Values[row], scores.Work[row], scores.Reasons[row], scores.Segments[row]) = (Status, Value, Work, Reason, Segments);
        for (int c = 0; c < Components.Length; c++)
        {
            scores.Component(c)[row] = Components[c];
        }

        return true;
    }

    private static bool Take(ref ReadOnlySpan<byte> from, int count, out ReadOnlySpan<byte> taken)
    {
        bool enough = from.Length >= count;
        taken = enough ? from[..count] : default;
        from = enough ? from[count..] : from;
        return enough;
    }

    private static bool TakeCount(ref ReadOnlySpan<byte> from, int each, out int count)
    {
        count = 0;
        if (!Take(ref from, 4, out var bytes))
        {
            return false;
        }

        count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return count >= 0 && (long)count * each <= from.Length;
    }
}
