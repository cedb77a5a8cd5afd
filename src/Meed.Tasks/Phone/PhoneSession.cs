namespace Meed.Tasks.Phone;

/// <summary>An agent at a simulated phone: it opens an app, sees its screen and acts in it by lines of text.</summary>
/// <remarks>
/// Actions: <c>open APP</c>, <c>home</c>, <c>set KEY = VALUE</c> (adds or changes a row of the open app, an alarm without a value), <c>delete KEY</c>, <c>done</c> or <c>done: ANSWER</c>, <c>give up</c>. What cannot be understood or done changes nothing and is answered by a sentence.
/// </remarks>
public sealed class PhoneSession
{
    /// <summary>Most actions of an episode.</summary>
    public const int Limit = 30;

    /// <summary>A session over a copy of a state.</summary>
    public PhoneSession(PhoneState start)
    {
        ArgumentNullException.ThrowIfNull(start);
        State = start.Copy();
    }

    /// <summary>The phone now.</summary>
    public PhoneState State { get; }

    /// <summary>The open app; <c>home</c> for none.</summary>
    public string App { get; private set; } = "home";

    /// <summary>True after done, give up or the last action.</summary>
    public bool Over { get; private set; }

    /// <summary>True when the agent said that it is done.</summary>
    public bool SaysDone { get; private set; }

    /// <summary>What it answered, where the task asks a question.</summary>
    public string Answer { get; private set; } = "";

    /// <summary>Actions so far.</summary>
    public int Actions { get; private set; }

    /// <summary>What the agent sees.</summary>
    public string Screen => State.Screen(App);

    /// <summary>Does one action.</summary>
    /// <returns>The screen after it, or why nothing was done.</returns>
    public string Act(string action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (Over)
        {
            return "The episode is over.";
        }

        Actions++;
        Over = Actions >= Limit;
        string text = action.Trim();
        if (text == "done" || text.StartsWith("done:", StringComparison.Ordinal))
        {
            (SaysDone, Over, Answer) = (true, true, text.Length > 5 ? text[5..].Trim() : "");
            return "done";
        }

        if (text == "give up")
        {
            Over = true;
            return "given up";
        }

        if (text == "home" || text.StartsWith("open ", StringComparison.Ordinal))
        {
            string app = text == "home" ? "home" : text[5..].Trim();
            if (app is not ("home" or "contacts" or "calendar" or "notes" or "clock" or "settings"))
            {
                return $"There is no app '{app}'.";
            }

            App = app;
            return Screen;
        }

        if (text.StartsWith("set ", StringComparison.Ordinal))
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            return Set(equals < 0 ? text[4..].Trim() : text[4..equals].Trim(), equals < 0 ? "" : text[(equals + 1)..].Trim());
        }

        return text.StartsWith("delete ", StringComparison.Ordinal) ? Delete(text[7..].Trim()) : $"'{text}' is no action. Actions: open APP, home, set KEY = VALUE, delete KEY, done, give up.";
    }

    private string Set(string key, string value)
    {
        if (App == "clock")
        {
            State.Alarms.Add(key);
            return Screen;
        }

        if (Table() is not { } table || key.Length == 0 || value.Length == 0)
        {
            return App == "home" ? "Open an app first." : "A row has a key and a value.";
        }

        if (App == "settings" && !table.ContainsKey(key))
        {
            return $"There is no setting '{key}'.";
        }

        table[key] = value;
        return Screen;
    }

    private string Delete(string key)
    {
        bool gone = App == "clock" ? State.Alarms.Remove(key) : App != "settings" && Table()?.Remove(key) == true;
        return gone ? Screen : $"There is no '{key}' to delete here.";
    }

    private SortedDictionary<string, string>? Table() => App switch { "contacts" => State.Contacts, "calendar" => State.Calendar, "notes" => State.Notes, "settings" => State.Settings, _ => null };
}
