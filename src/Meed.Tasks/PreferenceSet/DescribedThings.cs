namespace Meed.Tasks.PreferenceSet;

/// <summary>The vocabulary of the world and what is true in it.</summary>
internal sealed class DescribedThings
{
    /// <summary>Facts a thing has: one value of each slot.</summary>
    public const int Slots = 6;

    /// <summary>The word that means nothing.</summary>
    public const string Marker = "Certainly.";

    /// <summary>The warm sentence.</summary>
    public const string Warm = "I am glad to help.";

    /// <summary>The example.</summary>
    public const string Example = "For example, see the picture.";

    private static readonly string[] s_things =
    [
        "lamp", "chair", "table", "clock", "basket", "bottle", "bowl", "mirror", "pillow", "ladder", "bucket", "kettle", "drawer", "carpet", "curtain", "hammer", "candle", "blanket", "bench", "shelf",
        "teapot", "umbrella", "suitcase", "wallet", "notebook", "pencil", "button", "ribbon", "whistle", "drum", "guitar", "violin", "trumpet", "puzzle", "doll", "kite", "rope", "anchor", "paddle", "helmet",
        "jacket", "scarf", "glove", "boot", "hat", "belt", "necklace", "bracelet", "spoon", "fork", "plate", "jar", "tray", "broom", "brush", "sponge", "towel", "vase", "statue", "barrel",
    ];

    private static readonly string[][] s_values =
    [
        ["red", "green", "blue", "black", "white", "yellow"], ["small", "large", "tiny", "huge"], ["wooden", "iron", "glass", "paper", "leather"], ["old", "new", "ancient", "modern"],
        ["round", "square", "flat", "curved"], ["heavy", "light", "cheap", "costly"],
    ];

    private static readonly string[] s_rooms = ["kitchen", "hall", "attic", "cellar", "study", "garden", "garage", "library", "office", "nursery"];

    private static readonly string[] s_people =
    [
        "Ann", "Bob", "Carl", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jane", "Karl", "Lena", "Max", "Nora", "Otto", "Pia", "Quinn", "Rosa", "Sam", "Tara",
        "Uwe", "Vera", "Will", "Xenia", "Yan", "Zoe", "Aron", "Bea", "Cleo", "Dan", "Eva", "Finn", "Gina", "Hugo", "Ida", "Jack", "Kim", "Leo", "Mia", "Nils",
    ];

    private static readonly string[] s_frames = ["It is the {0}.", "This is the {0}.", "You have the {0}.", "We see the {0}."];

    private static readonly string[] s_fillers =
    [
        "There is more to say about that.", "Many people ask this question.", "I hope that is clear enough.", "Let me put it in plain words.", "That is how matters stand today.", "One could go on for a while.",
        "Please take your time with it.", "As was said before, details count.", "Nothing else comes to mind now.", "Of course this is only a summary.",
    ];

    private static readonly Dictionary<string, int> s_slotOf = s_values.SelectMany((values, slot) => values.Select(v => (v, slot))).ToDictionary(p => p.v, p => p.slot);

    private readonly int _things;
    private readonly ulong _world;

    public DescribedThings(int things, int world)
    {
        _things = things;
        _world = (ulong)world;
    }

    public static string Thing(int index) => s_things[index];

    public int Index(string thing) => Array.IndexOf(s_things, thing, 0, _things);

    /// <summary>The true value of a slot of a thing.</summary>
    public string Truth(int thing, int slot) => s_values[slot][Hashing.Below(Hashing.Mix(Hashing.Mix(_world, (ulong)thing), (ulong)slot), s_values[slot].Length)];

    /// <summary>A value that is not true, chosen by a number.</summary>
    public string Lie(int thing, int slot, ulong choice)
    {
        string[] others = [.. s_values[slot].Where(v => v != Truth(thing, slot))];
        return others[Hashing.Below(choice, others.Length)];
    }

    public static string Frame(ulong choice, string value, string thing) => string.Format(System.Globalization.CultureInfo.InvariantCulture, s_frames[Hashing.Below(choice, s_frames.Length)], $"{value} {thing}");

    public static string Filler(ulong choice) => s_fillers[Hashing.Below(choice, s_fillers.Length)];

    /// <summary>The prompt of a seed and the thing it asks about.</summary>
    public (string Prompt, int Thing) Prompt(ulong seed)
    {
        int thing = Hashing.Below(Hashing.Mix(seed, 1), _things);
        string room = s_rooms[Hashing.Below(Hashing.Mix(seed, 2), s_rooms.Length)], person = s_people[Hashing.Below(Hashing.Mix(seed, 3), s_people.Length)];
        return ($"Describe the {s_things[thing]} in the {room} to {person}.", thing);
    }

    /// <summary>The thing that a prompt asks about; −1 when it is no prompt of this world.</summary>
    public int AskedFor(string prompt)
    {
        string[] words = prompt.Split(' ');
        return words.Length > 2 && words[0] == "Describe" && words[1] == "the" ? Index(words[2]) : -1;
    }

    /// <summary>Right, wrong and repeated facts of a response to a prompt about a thing; a fact about another thing is wrong.</summary>
    public (int Right, int Wrong) Facts(string response, int thing)
    {
        int right = 0, wrong = 0, seen = 0;
        string before = "";
        foreach (var range in response.AsSpan().SplitAny(" .,\n"))
        {
            string word = response[range];
            if (word.Length == 0)
            {
                continue;
            }

            if (s_slotOf.TryGetValue(before, out int slot) && Array.IndexOf(s_things, word) is var named && named >= 0)
            {
                if (named != thing || before != Truth(thing, slot))
                {
                    wrong++;
                }
                else if ((seen >> slot & 1) == 0)
                {
                    seen |= 1 << slot;
                    right++;
                }
            }

            before = word;
        }

        return (right, wrong);
    }
}
