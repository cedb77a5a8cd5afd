namespace Meed.Tasks.Phone;

/// <summary>Everything a simulated phone holds: its apps' data and settings. Two states are equal when all of it is.</summary>
public sealed class PhoneState : IEquatable<PhoneState>
{
    /// <summary>Numbers by contact.</summary>
    public SortedDictionary<string, string> Contacts { get; } = new(StringComparer.Ordinal);

    /// <summary>Events by title, with their day and hour, such as <c>Tue 14</c>.</summary>
    public SortedDictionary<string, string> Calendar { get; } = new(StringComparer.Ordinal);

    /// <summary>Notes by title.</summary>
    public SortedDictionary<string, string> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>Alarms, such as <c>07:30</c>.</summary>
    public SortedSet<string> Alarms { get; } = new(StringComparer.Ordinal);

    /// <summary>Settings: wifi, bluetooth, airplane, each on or off; brightness 0 to 100.</summary>
    public SortedDictionary<string, string> Settings { get; } = new(StringComparer.Ordinal) { ["wifi"] = "on", ["bluetooth"] = "off", ["airplane"] = "off", ["brightness"] = "50" };

    /// <summary>A copy.</summary>
    public PhoneState Copy()
    {
        var copy = new PhoneState();
        copy.Settings.Clear();
        foreach (var (from, to) in ((SortedDictionary<string, string>, SortedDictionary<string, string>)[])[(Contacts, copy.Contacts), (Calendar, copy.Calendar), (Notes, copy.Notes), (Settings, copy.Settings)])
        {
            foreach (var (key, value) in from)
            {
                to[key] = value;
            }
        }

        copy.Alarms.UnionWith(Alarms);
        return copy;
    }

    /// <summary>The screen of an app as text, one line a row: what an agent sees.</summary>
    public string Screen(string app) => app switch
    {
        "contacts" => Rows(Contacts),
        "calendar" => Rows(Calendar),
        "notes" => Rows(Notes),
        "clock" => string.Join('\n', Alarms),
        "settings" => Rows(Settings),
        _ => "home: contacts, calendar, notes, clock, settings",
    };

    /// <inheritdoc/>
    public bool Equals(PhoneState? other) => other is not null && Contacts.SequenceEqual(other.Contacts) && Calendar.SequenceEqual(other.Calendar) && Notes.SequenceEqual(other.Notes) && Alarms.SetEquals(other.Alarms) && Settings.SequenceEqual(other.Settings);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PhoneState);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Contacts.Count, Calendar.Count, Notes.Count, Alarms.Count);

    private static string Rows(SortedDictionary<string, string> table) => string.Join('\n', table.Select(r => $"{r.Key}: {r.Value}"));
}
