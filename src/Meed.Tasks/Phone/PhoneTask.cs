namespace Meed.Tasks.Phone;

/// <summary>A goal at a phone.</summary>
/// <param name="Template">Number of its template.</param>
/// <param name="Goal">The goal in words.</param>
/// <param name="Start">The phone before.</param>
/// <param name="Target">The phone as it has to be afterwards, all of it.</param>
/// <param name="Answer">What has to be answered; empty where nothing is asked.</param>
/// <param name="Oracle">Actions that reach it.</param>
public sealed record PhoneItem(int Template, string Goal, PhoneState Start, PhoneState Target, string Answer, IReadOnlyList<string> Oracle);

/// <summary>A simulated phone with inspectable apps: templates draw random parameters into a goal and a first state; success is decided by reading the final state.</summary>
/// <remarks>
/// After AndroidWorld (Rawles et al. 2024, arXiv:2405.14573): tasks are made from templates with parameters drawn by seed, and the reward is code that reads the device, not what the agent says. Success asks for the whole target state, so that a side effect is a failure too.
/// Eight templates over five apps. The state is text; pictures of the screen are not part of this stand-in.
/// </remarks>
public static class PhoneTask
{
    /// <summary>Templates.</summary>
    public const int Templates = 8;

    private static readonly string[] s_names = ["Ann", "Bob Hill", "Carl", "Dora Lee", "Emil", "Fay Ann", "Gus", "Hana Ito"];
    private static readonly string[] s_titles = ["Dentist", "Lunch with Bob", "Gym", "Team call", "Piano lesson", "Car check"];
    private static readonly string[] s_days = ["Mon", "Tue", "Wed", "Thu", "Fri"];

    /// <summary>The item of a seed; the same seed gives the same one.</summary>
    /// <param name="seed">Draws parameters and the first state.</param>
    /// <param name="template">0 to 7; drawn by the seed when null.</param>
    public static PhoneItem Generate(ulong seed, int? template = null)
    {
        ulong count = 0;
        int Below(int bound) => Hashing.Below(Hashing.Mix(seed, count++), bound);
        string Number() => $"555-{1000 + Below(9000)}";
        string When() => $"{s_days[Below(s_days.Length)]} {8 + Below(10)}";
        string Time() => $"{6 + Below(4):00}:{15 * Below(4):00}";
        int kind = template ?? Below(Templates);
        if (kind is < 0 or >= Templates)
        {
            throw new ArgumentOutOfRangeException(nameof(template), $"PhoneTask.Generate: template is {template}; it is 0 to {Templates - 1}.");
        }

        var start = new PhoneState();
        for (int i = 0; i < 3; i++)
        {
            start.Contacts[s_names[(Below(s_names.Length) + i) % s_names.Length]] = Number();
            start.Calendar[s_titles[(Below(s_titles.Length) + i) % s_titles.Length]] = When();
            start.Alarms.Add(Time());
        }

        start.Notes["Shopping"] = "milk";
        start.Settings["brightness"] = $"{10 * (1 + Below(9))}";
        var target = start.Copy();
        string person = start.Contacts.Keys.ElementAt(Below(start.Contacts.Count)), meeting = start.Calendar.Keys.ElementAt(Below(start.Calendar.Count)), alarm = start.Alarms.ElementAt(Below(start.Alarms.Count));
        string fresh = s_names.First(n => !start.Contacts.ContainsKey(n)), number = Number(), when = When(), time = Time();
        while (when == start.Calendar[meeting])
        {
            when = When();
        }

        while (start.Alarms.Contains(time))
        {
            time = Time();
        }

        int brightness = 5 + (10 * Below(10));
        switch (kind)
        {
            case 0:
                target.Contacts[fresh] = number;
                return Of($"Add {fresh} with the number {number} to the contacts.", "open contacts", $"set {fresh} = {number}");
            case 1:
                target.Contacts.Remove(person);
                return Of($"Delete {person} from the contacts.", "open contacts", $"delete {person}");
            case 2:
                target.Calendar[meeting] = when;
                return Of($"Move '{meeting}' to {when}.", "open calendar", $"set {meeting} = {when}");
            case 3:
                target.Alarms.Remove(alarm);
                target.Alarms.Add(time);
                return Of($"Replace the alarm at {alarm} by one at {time}.", "open clock", $"delete {alarm}", $"set {time}");
            case 4:
                target.Settings["wifi"] = "off";
                target.Settings["airplane"] = "on";
                return Of("Switch wifi off and airplane mode on.", "open settings", "set wifi = off", "set airplane = on");
            case 5:
                target.Settings["brightness"] = $"{brightness}";
                return Of($"Set the brightness to {brightness}.", "open settings", $"set brightness = {brightness}");
            case 6:
                target.Notes[person] = $"call {start.Contacts[person]}";
                return Of($"Make a note called '{person}' that says 'call' and the number of {person}.", "open contacts", "open notes", $"set {person} = call {start.Contacts[person]}");
            default:
                return Of($"When is '{meeting}'?", "open calendar") with { Answer = start.Calendar[meeting], Oracle = ["open calendar", $"done: {start.Calendar[meeting]}"] };
        }

        PhoneItem Of(string goal, params string[] actions) => new(kind, goal, start, target, "", [.. actions, "done"]);
    }

    /// <summary>1 when the agent ended with the whole target state and the right answer, else 0.</summary>
    public static double Reward(PhoneItem item, PhoneSession session)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(session);
        return session.SaysDone && session.State.Equals(item.Target) && (item.Answer.Length == 0 || session.Answer == item.Answer) ? 1 : 0;
    }

    /// <summary>Runs an agent.</summary>
    /// <param name="item">The item.</param>
    /// <param name="act">Given the goal, the screen and the number of actions so far: the next action.</param>
    public static PhoneSession Run(PhoneItem item, Func<string, string, int, string> act)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(act);
        var session = new PhoneSession(item.Start);
        while (!session.Over)
        {
            session.Act(act(item.Goal, session.Screen, session.Actions));
        }

        return session;
    }

    /// <summary>Success of an agent on each template over seeds: mean and standard deviation between seeds, which a single run of a template hides.</summary>
    /// <param name="succeeds">Whether the agent succeeds on an item, 0 or 1.</param>
    /// <param name="seeds">Seeds a template.</param>
    public static IReadOnlyList<(int Template, double Mean, double Deviation)> SeedVariance(Func<PhoneItem, double> succeeds, int seeds)
    {
        ArgumentNullException.ThrowIfNull(succeeds);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 2);
        return [.. Enumerable.Range(0, Templates).Select(t =>
        {
            double[] scores = [.. Enumerable.Range(0, seeds).Select(s => succeeds(Generate((ulong)s, t)))];
            double mean = scores.Average();
            return (t, mean, Math.Sqrt(scores.Sum(v => (v - mean) * (v - mean)) / (seeds - 1)));
        })];
    }
}
