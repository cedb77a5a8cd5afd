namespace Meed.Rewards.MathAnswers;

/// <summary>Times of day: 4:30 p.m., 16:30, 05:00.</summary>
internal static class Clock
{
    /// <summary>A time when hours and minutes are followed by a.m. or p.m.; null for an ordinary ratio.</summary>
    /// <remarks>Without a.m. or p.m. the parts stay a ratio, so that 4:30 equals 4:30 and never 4:30 p.m.</remarks>
    public static Node? Read(List<Node> parts)
    {
        if (parts.Count is < 2 or > 3 || parts[^1].Kind != NodeKind.Quantity || Half(parts[^1].Text) is not { } afternoon)
        {
            return null;
        }

        int[] numbers = new int[3];
        for (int i = 0; i < parts.Count; i++)
        {
            var n = i == parts.Count - 1 ? parts[i].Args[0] : parts[i];
            if (n.Kind != NodeKind.Number || n.Decimals >= 0 || !n.Value.IsInteger || n.Value.Num < 0 || n.Value.Num > 59)
            {
                return null;
            }

            numbers[i] = (int)n.Value.Num;
        }

        return numbers[0] is < 1 or > 12 ? null : Make((numbers[0] % 12) + (afternoon ? 12 : 0), numbers[1], numbers[2]);
    }

    /// <summary>A time from a whole hour: 7 p.m.</summary>
    public static Node? FromQuantity(Node node) => node.Kind == NodeKind.Quantity && Half(node.Text) is { } afternoon && node.Args[0] is { Kind: NodeKind.Number, Decimals: -1 } n
        && n.Value.IsInteger && n.Value.Sign > 0 && n.Value.CompareTo(Rational.Of(13)) < 0 ? Make(((int)n.Value.Num % 12) + (afternoon ? 12 : 0), 0, 0) : null;

    /// <summary>A time from a ratio of hours and minutes on a clock of 24 hours, to be compared with one that says a.m. or p.m.</summary>
    public static Node? FromRatio(Node node) => node is { Kind: NodeKind.Ratio, Args: [{ Kind: NodeKind.Number } h, { Kind: NodeKind.Number } m] } && h.Value.IsInteger && m.Value.IsInteger
        && h.Value.CompareTo(Rational.Of(13)) >= 0 && h.Value.CompareTo(Rational.Of(24)) < 0 && m.Value.Sign >= 0 && m.Value.CompareTo(Rational.Of(60)) < 0 ? Make((int)h.Value.Num, (int)m.Value.Num, 0) : null;

    private static Node Make(int hours, int minutes, int seconds) => new(NodeKind.Time, $"{hours}:{minutes}:{seconds}", Node.None);

    private static bool? Half(string unit) => unit.Replace(".", "").Replace(" ", "").ToLowerInvariant() switch { "pm" => true, "am" => false, _ => null };
}
