namespace Meed.Server.Hosting;

/// <summary>The parts of a path: <c>/s/{secret}/p/{profile}/…/{segment}</c>, of which only the segment must be there.</summary>
internal readonly record struct Route(string? Secret, string? Profile, string Segment)
{
    /// <summary>The segment before the last; empty where there is none.</summary>
    public string Before { get; private init; } = "";

    public static Route Parse(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string? secret = null, profile = null;
        int at = 0;
        if (parts.Length > 2 && parts[0] == "s")
        {
            secret = parts[1];
            at = 2;
        }

        if (parts.Length > at + 2 && parts[at] == "p")
        {
            profile = Uri.UnescapeDataString(parts[at + 1]);
        }

        return new Route(secret, profile, parts.Length == 0 ? "" : parts[^1]) { Before = parts.Length > 1 ? parts[^2] : "" };
    }
}
