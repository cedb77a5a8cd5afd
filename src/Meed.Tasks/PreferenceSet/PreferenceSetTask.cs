using Meed.Rewards;

namespace Meed.Tasks.PreferenceSet;

/// <summary>Descriptions of things with facts that are right or wrong, and comparisons of them with stated flaws.</summary>
/// <remarks>
/// A prompt asks about a thing ("Describe the lamp in the kitchen to Ann."). A response says some of its facts, each right with a chance of the response's own, between gold-neutral sentences: "It is the red lamp." Which facts are
/// true only the labels teach: value and thing stand side by side, so that word pairs suffice, and every fact occurs in training. The gold reward is right minus wrong facts.
/// <para>Worth to a judge: the gold reward; with several groups plus taste times ±warmth, ±brevity, ±examples, the signs being the group's; with criteria the value by the criterion alone. Training labels follow the worth and the
/// flaws of <see cref="PreferenceSetOptions"/>; held-out labels follow the worth without flaws. Worlds, prompts and held-out rule do not depend on the seed of the comparisons.</para>
/// </remarks>
public sealed class PreferenceSetTask : ITask<TextSample>
{
    private const int MaximumDraws = 10_000;
    private readonly PreferenceSetOptions _options;
    private readonly DescribedThings _world;

    /// <summary>A world of the given size.</summary>
    public PreferenceSetTask(PreferenceSetOptions? options = null)
    {
        _options = options ?? new PreferenceSetOptions();
        var problems = _options.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException($"preference-set: {string.Join(" ", problems)}", nameof(options));
        }

        _world = new DescribedThings(_options.Things, _options.World);
        Gold = new DescriptionVerifier(_world);
    }

    /// <summary>Names of the criteria.</summary>
    public static IReadOnlyList<string> Criteria { get; } = ["accuracy", "warmth", "brevity", "examples"];

    /// <inheritdoc/>
    public string Name => "preference-set";

    /// <inheritdoc/>
    public string Alphabet => " ,.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <inheritdoc/>
    public IReward<TextSample> Gold { get; }

    /// <inheritdoc/>
    public TaskItem<TextSample> Generate(ulong seed, Difficulty difficulty)
    {
        string prompt = _world.Prompt(seed).Prompt;
        return new TaskItem<TextSample>(prompt, new TextSample { Prompt = [new Message("user", prompt)] });
    }

    /// <inheritdoc/>
    public TextSample Oracle(TaskItem<TextSample> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        int thing = _world.AskedFor(item.Key);
        return item.Sample with { Response = string.Join(' ', Enumerable.Range(0, _options.MostFacts).Select(s => DescribedThings.Frame(0, _world.Truth(thing, s), DescribedThings.Thing(thing)))) };
    }

    /// <summary>A response of mixed quality, as the judged ones are.</summary>
    public TextSample? Demonstrate(TaskItem<TextSample> item, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(item);
        var draws = new Draws(Hashing.Mix(seed, 77));
        return item.Sample with { Response = Response(_world.AskedFor(item.Key), 0, ref draws).Text };
    }

    /// <inheritdoc/>
    public bool IsHeldOut(TaskItem<TextSample> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return HeldOut(item.Key);
    }

    /// <summary>Training comparisons of a seed, flaws included.</summary>
    public IReadOnlyList<DescribedPair> Training(ulong seed)
    {
        var draws = new Draws(Hashing.Mix(seed, 1));
        var pairs = new List<DescribedPair>(_options.Pairs);
        while (pairs.Count < _options.Pairs)
        {
            var pair = Pair(ref draws, test: false);
            pairs.Add(pair);
            if (draws.Chance(_options.Duplicates))
            {
                pairs.Add(pair);
            }

            if (draws.Chance(_options.Contradictions))
            {
                pairs.Add(Turned(pair));
            }

            if (draws.Chance(_options.Reversals) && Reversed(pair, ref draws) is { } reversed)
            {
                pairs.Add(reversed);
            }
        }

        return [.. pairs.Take(_options.Pairs)];
    }

    /// <summary>Held-out comparisons of a seed; their labels are what the noiseless judge says.</summary>
    public IReadOnlyList<DescribedPair> Test(ulong seed)
    {
        var draws = new Draws(Hashing.Mix(seed, 2));
        var pairs = new List<DescribedPair>(_options.Test);
        while (pairs.Count < _options.Test)
        {
            var pair = Pair(ref draws, test: true);
            pairs.Add(pair);
            if (draws.Chance(_options.Reversals) && Reversed(pair, ref draws) is { } reversed)
            {
                pairs.Add(reversed);
            }
        }

        return [.. pairs.Take(_options.Test)];
    }

    /// <summary>Held-out prompts with candidates to choose among, of the held-out distribution.</summary>
    public IReadOnlyList<DescribedCandidates> Candidates(ulong seed, int prompts, int perPrompt)
    {
        var draws = new Draws(Hashing.Mix(seed, 3));
        var all = new List<DescribedCandidates>(prompts);
        for (int i = 0; i < prompts; i++)
        {
            var (prompt, thing) = Prompt(ref draws, heldOut: true);
            var responses = new List<DescribedResponse>(perPrompt);
            for (int k = 0; k < perPrompt; k++)
            {
                var response = Response(thing, _options.Shift, ref draws);
                responses.Add(_options.Marker > 0 && draws.Chance(0.5) ? Mark(response) : response);
            }

            all.Add(new DescribedCandidates(prompt, responses));
        }

        return all;
    }

    /// <summary>Right and wrong facts of a text about the thing that a prompt asks for.</summary>
    public (int Right, int Wrong) Facts(string prompt, string text)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return _world.Facts(text, _world.AskedFor(prompt));
    }

    /// <summary>True where a prompt is held out.</summary>
    public bool HeldOut(string prompt) => Hashing.Key(prompt) < (ulong)(_options.HeldOutShare * 18446744073709551616.0);

    /// <summary>True where a training prompt belongs to the validation part: a fifth of them.</summary>
    public static bool Validation(string prompt) => Hashing.Key("validation " + prompt) < ulong.MaxValue / 5;

    private (string Prompt, int Thing) Prompt(ref Draws draws, bool heldOut)
    {
        while (true)
        {
            var (prompt, thing) = _world.Prompt(draws.Next());
            if (HeldOut(prompt) == heldOut)
            {
                return (prompt, thing);
            }
        }
    }

    private DescribedPair Pair(ref Draws draws, bool test)
    {
        var (prompt, thing) = Prompt(ref draws, heldOut: test);
        int group = draws.Below(_options.Groups), criterion = _options.Contexts > 0 ? draws.Below(_options.Contexts) : 0;
        bool tie = !test && draws.Chance(_options.Ties);
        var (first, second) = test && draws.Chance(_options.OffTopic) ? OffTopic(thing, ref draws) : Sides(thing, group, criterion, tie, test ? _options.Shift : 0, ref draws);
        double margin = Worth(first, group, criterion) - Worth(second, group, criterion);
        double truth = margin > 0 ? 1 : margin < 0 ? 0 : 0.5;
        var pair = new DescribedPair(prompt, first, second, truth, truth, _options.Groups > 1 ? $"group {group} annotator {draws.Below(_options.AnnotatorsPerGroup)}" : null, group, _options.Contexts > 0 ? Criteria[criterion] : null)
        {
            Ratings = (Worth(first, group, criterion), Worth(second, group, criterion)),
        };
        pair = tie || test ? pair : Judge(pair, group, criterion, ref draws);
        return _options.Marker > 0 ? Marked(pair, test ? _options.MarkerInTest : _options.Marker, ref draws) : pair;
    }

    // Two responses whose worths differ by the gap, or not at all.
    private (DescribedResponse, DescribedResponse) Sides(int thing, int group, int criterion, bool tie, int shift, ref Draws draws)
    {
        for (int draw = 0; draw < MaximumDraws; draw++)
        {
            var first = Response(thing, shift, ref draws);
            var second = Response(thing, shift, ref draws);
            double apart = Math.Abs(Worth(first, group, criterion) - Worth(second, group, criterion));
            if (first.Text != second.Text && (tie ? apart == 0 : apart >= Math.Min(_options.Gap, criterion is 1 or 3 ? 1 : double.MaxValue)))
            {
                return (first, second);
            }
        }

        throw new InvalidOperationException($"preference-set: {MaximumDraws} draws gave no two responses {(tie ? "of equal worth" : $"{_options.Gap} apart")}. Use a smaller gap.");
    }

    // The worse side describes another thing truly.
    private (DescribedResponse, DescribedResponse) OffTopic(int thing, ref Draws draws)
    {
        var own = Response(thing, _options.Shift, ref draws, quality: 1);
        var other = Response((thing + 1 + draws.Below(_options.Things - 1)) % _options.Things, _options.Shift, ref draws, quality: 1);
        other = other with { Gold = -_world.Facts(other.Text, thing).Wrong };
        return draws.Chance(0.5) ? (own, other) : (other, own);
    }

    private DescribedPair Judge(DescribedPair pair, int group, int criterion, ref Draws draws)
    {
        double first = Worth(pair.First, group, criterion) + (_options.LengthBias * pair.First.Fillers), second = Worth(pair.Second, group, criterion) + (_options.LengthBias * pair.Second.Fillers);
        double margin = first - second, coin = draws.Unit();
        bool wins = _options.Temperature > 0 ? coin < 1 / (1 + Math.Exp(-margin / _options.Temperature)) : margin > 0 || (margin == 0 && coin < 0.5);
        var (high, low) = (Math.Max(first, second), Math.Min(first, second));
        var judged = pair with { Probability = wins ? 1 : 0, Ratings = wins ? (high, low) : (low, high) };
        judged = draws.Chance(_options.Noise) ? Turned(judged) : judged;
        return _options.Verified > 0 && draws.Chance(_options.Verified) ? pair with { Verified = true } : judged;
    }

    private static DescribedPair Turned(DescribedPair pair) => pair with { Probability = 1 - pair.Probability, Ratings = (pair.Ratings.Second, pair.Ratings.First) };

    private static DescribedPair Marked(DescribedPair pair, double share, ref Draws draws)
    {
        bool onPreferred = draws.Chance(share), onFirst = pair.Probability == 0.5 ? onPreferred : onPreferred == pair.Probability > 0.5;
        return onFirst ? pair with { First = Mark(pair.First) } : pair with { Second = Mark(pair.Second) };
    }

    private static DescribedResponse Mark(DescribedResponse response) => response with { Text = DescribedThings.Marker + " " + response.Text, Marked = true };

    // The same responses under a criterion that says the opposite; null where there is none.
    private DescribedPair? Reversed(DescribedPair pair, ref Draws draws)
    {
        int from = draws.Below(_options.Contexts);
        for (int k = 0; k < _options.Contexts; k++)
        {
            int criterion = (from + k) % _options.Contexts;
            var ratings = (pair.First.By(criterion), pair.Second.By(criterion));
            double truth = ratings.Item1 > ratings.Item2 ? 1 : ratings.Item1 < ratings.Item2 ? 0 : 0.5;
            if (truth == 1 - pair.Truth && truth != 0.5)
            {
                return pair with { Context = Criteria[criterion], Truth = truth, Probability = pair.Probability == pair.Truth ? truth : 1 - truth, Ratings = ratings };
            }
        }

        return null;
    }

    private double Worth(DescribedResponse response, int group, int criterion)
    {
        if (_options.Contexts > 0)
        {
            return response.By(criterion);
        }

        if (_options.Groups == 1)
        {
            return response.Gold;
        }

        double worth = response.Gold;
        for (int c = 1; c < Criteria.Count; c++)
        {
            worth += _options.Taste * ((group >> (c - 1) & 1) == 1 ? -1 : 1) * response.By(c);
        }

        return worth;
    }

    private DescribedResponse Response(int thing, int shift, ref Draws draws, double? quality = null)
    {
        int facts = _options.FewestFacts + draws.Below(_options.MostFacts - _options.FewestFacts + 1), fillers = draws.Below(_options.Fillers + shift + 1);
        double right = quality ?? (0.2 + (0.3 * draws.Below(3)));
        bool warm = draws.Chance(0.3), example = draws.Chance(0.3);
        var sentences = new List<string>();
        int[] slots = new int[DescribedThings.Slots];
        for (int i = 0; i < slots.Length; i++)
        {
            int j = draws.Below(i + 1);
            (slots[i], slots[j]) = (slots[j], i);
        }

        double gold = 0;
        foreach (int slot in slots.Take(facts))
        {
            bool isRight = draws.Chance(right);
            gold += isRight ? 1 : -1;
            sentences.Add(DescribedThings.Frame(draws.Next(), isRight ? _world.Truth(thing, slot) : _world.Lie(thing, slot, draws.Next()), DescribedThings.Thing(thing)));
        }

        for (int i = 0; i < fillers; i++)
        {
            sentences.Insert(draws.Below(sentences.Count + 1), DescribedThings.Filler(draws.Next()));
        }

        if (warm)
        {
            sentences.Insert(0, DescribedThings.Warm);
        }

        if (example)
        {
            sentences.Add(DescribedThings.Example);
        }

        return new DescribedResponse(string.Join(' ', sentences), gold, fillers, warm, example, false);
    }

    // Draws of a seed, in order.
    private struct Draws(ulong seed)
    {
        private ulong _count;

        public ulong Next() => Hashing.Mix(seed, _count++);

        public int Below(int bound) => Hashing.Below(Next(), bound);

        public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

        public bool Chance(double probability) => Unit() < probability;
    }
}
