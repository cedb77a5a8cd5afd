using Meed.Numerics;

namespace Meed.Tasks.Clips;

/// <summary>How clips look and how the agent moves.</summary>
public sealed record ClipOptions
{
    /// <summary>Cells of a side.</summary>
    public int Size { get; init; } = 7;

    /// <summary>Largest probability that a step is a pause or a step astray; each stage of a clip draws its own between 0 and this.</summary>
    public double Hesitation { get; init; }

    /// <summary>Deviation of the noise on every pixel.</summary>
    public float Noise { get; init; } = 0.05f;

    /// <summary>Deviation of the brightness that a whole frame shares, a distractor.</summary>
    public float Flicker { get; init; } = 0.1f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Size is < 5 or > 32)
        {
            yield return $"{nameof(Size)} is {Size}: use 5 to 32.";
        }

        if (Hesitation is not (>= 0 and < 1))
        {
            yield return $"{nameof(Hesitation)} is {Hesitation}: it is a probability below 1.";
        }

        if (!(Noise >= 0) || !(Flicker >= 0))
        {
            yield return $"{nameof(Noise)} is {Noise}, {nameof(Flicker)} is {Flicker}: both are 0 or more.";
        }
    }
}

/// <summary>What happened in a clip.</summary>
/// <param name="Targets">Colours that the agent takes, in order.</param>
/// <param name="Cells">The agent's cell in each frame.</param>
/// <param name="Taken">Objects taken by each frame, as bits by colour.</param>
/// <param name="Actions">Action between frames: 0 up, 1 down, 2 left, 3 right, 4 none; one less than frames.</param>
public sealed record Clip(int[] Targets, int[] Cells, int[] Taken, int[] Actions)
{
    /// <summary>Frames.</summary>
    public int Length => Cells.Length;

    /// <summary>Targets taken by a frame: its stage.</summary>
    public int StageAt(int frame) => int.PopCount(Taken[frame]);

    /// <summary>The clip up to a frame.</summary>
    public Clip Cut(int frames) => this with { Cells = Cells[..frames], Taken = Taken[..frames], Actions = Actions[..(frames - 1)] };

    /// <summary>Frames of each stage: those before the first target is taken, and so on; the last frame closes the last stage.</summary>
    public int[] Durations()
    {
        var durations = new int[Targets.Length];
        for (int t = 0; t < Length; t++)
        {
            durations[Math.Min(StageAt(Math.Max(0, t - 1)), Targets.Length - 1)]++;
        }

        return durations;
    }
}

/// <summary>A room with four coloured objects and an agent that takes some of them in order, seen from above as pixels.</summary>
/// <remarks>
/// Objects stand where the world's seed puts them, at least three steps apart. A taken object vanishes. Progress of a frame towards some targets: (targets taken in order + 1 − steps to the next ÷ most steps in the
/// room) ÷ targets, and 1 at the end. Frames are [3 · cells]: red, green and blue plane.
/// </remarks>
public sealed class ClipWorld
{
    /// <summary>Colours of objects: red, green, blue, yellow.</summary>
    public const int Colours = 4;

    /// <summary>Actions: up, down, left, right, none.</summary>
    public const int Actions = 5;

    private static readonly float[][] s_colours = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]];
    private readonly ClipOptions _options;

    /// <summary>A room.</summary>
    public ClipWorld(ClipOptions options, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        string problems = string.Join(' ', options.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException($"clips: {problems}", nameof(options));
        }

        _options = options;
        var objects = new List<int>();
        for (int draws = 0; objects.Count < Colours; draws++)
        {
            int cell = random.NextInt(Cells);
            if (draws % 1000 == 999)
            {
                objects.Clear();
            }
            else if (objects.All(o => Steps(o, cell) >= 3))
            {
                objects.Add(cell);
            }
        }

        Objects = [.. objects];
    }

    /// <summary>Cell of each colour's object.</summary>
    public IReadOnlyList<int> Objects { get; }

    /// <summary>Cells of the room.</summary>
    public int Cells => _options.Size * _options.Size;

    /// <summary>Numbers of a frame.</summary>
    public int FrameWidth => 3 * Cells;

    /// <summary>Most steps between two cells.</summary>
    public int MostSteps => 2 * (_options.Size - 1);

    /// <summary>Steps between two cells.</summary>
    public int Steps(int a, int b) => Math.Abs((a % _options.Size) - (b % _options.Size)) + Math.Abs((a / _options.Size) - (b / _options.Size));

    /// <summary>The cell that an action leads to; walls stop it.</summary>
    public int Move(int cell, int action)
    {
        int x = cell % _options.Size, y = cell / _options.Size, most = _options.Size - 1;
        (x, y) = action switch
        {
            0 => (x, Math.Max(0, y - 1)),
            1 => (x, Math.Min(most, y + 1)),
            2 => (Math.Max(0, x - 1), y),
            3 => (Math.Min(most, x + 1), y),
            4 => (x, y),
            _ => throw new ArgumentOutOfRangeException(nameof(action), $"clips: action {action}; actions are 0 to 4."),
        };
        return (y * _options.Size) + x;
    }

    /// <summary>An action on a shortest way, drawn where there are two; 4 at the goal.</summary>
    public int Towards(int cell, int goal, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int[] nearer = [.. Enumerable.Range(0, 4).Where(a => Steps(Move(cell, a), goal) < Steps(cell, goal))];
        return nearer.Length == 0 ? 4 : nearer[random.NextInt(nearer.Length)];
    }

    /// <summary>A clip in which the agent takes some objects in order, from a cell that has none of them.</summary>
    /// <param name="targets">Colours, each once.</param>
    /// <param name="random">Draws the start, the ways and the hesitation.</param>
    public Clip Play(int[] targets, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(random);
        int cell;
        do
        {
            cell = random.NextInt(Cells);
        }
        while (Objects.Contains(cell));

        List<int> cells = [cell], taken = [0], actions = [];
        foreach (int target in targets)
        {
            double hesitation = random.NextDouble() * _options.Hesitation;
            while (cell != Objects[target])
            {
                int action = random.NextDouble() >= hesitation ? Towards(cell, Objects[target], random) : random.NextBool() ? 4 : random.NextInt(4);
                cell = Move(cell, action);
                actions.Add(action);
                cells.Add(cell);
                taken.Add(taken[^1] | (cell == Objects[target] ? 1 << target : 0));
            }
        }

        return new Clip(targets, [.. cells], [.. taken], [.. actions]);
    }

    /// <summary>Two different colours, drawn.</summary>
    public static int[] Pair(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return [.. random.Permutation(Colours).Take(2)];
    }

    /// <summary>True progress of a frame towards some targets, 0 to 1.</summary>
    public double Progress(Clip clip, int frame, IReadOnlyList<int> targets)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(targets);
        int reached = Reached(clip, frame, targets);
        return reached == targets.Count ? 1 : (reached + 1 - ((double)Steps(clip.Cells[frame], Objects[targets[reached]]) / MostSteps)) / targets.Count;
    }

    /// <summary>Targets of an instruction that a clip has taken in its order by a frame.</summary>
    public static int Reached(Clip clip, int frame, IReadOnlyList<int> targets)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(targets);
        int stage = clip.StageAt(frame), reached = 0;
        while (reached < targets.Count && reached < stage && clip.Targets[reached] == targets[reached])
        {
            reached++;
        }

        return reached;
    }

    /// <summary>The picture of a state.</summary>
    /// <param name="cell">The agent's cell.</param>
    /// <param name="taken">Objects that are gone, as bits.</param>
    /// <param name="noise">Draws noise and flicker; null for a clean picture.</param>
    /// <returns>[3 · cells].</returns>
    public float[] Frame(int cell, int taken, RandomStream? noise = null)
    {
        var frame = new float[FrameWidth];
        for (int c = 0; c < Colours; c++)
        {
            if ((taken >> c & 1) == 0)
            {
                Paint(frame, Objects[c], s_colours[c]);
            }
        }

        Paint(frame, cell, [1, 1, 1]);
        if (noise is not null)
        {
            float light = (float)noise.NextNormal() * _options.Flicker;
            for (int i = 0; i < frame.Length; i++)
            {
                frame[i] += light + ((float)noise.NextNormal() * _options.Noise);
            }
        }

        return frame;
    }

    /// <summary>The pictures of a clip.</summary>
    public float[][] Frames(Clip clip, RandomStream? noise = null)
    {
        ArgumentNullException.ThrowIfNull(clip);
        return [.. Enumerable.Range(0, clip.Length).Select(t => Frame(clip.Cells[t], clip.Taken[t], noise))];
    }

    /// <summary>The words of an instruction as flags: which colour first, which second; [8].</summary>
    public static float[] Words(IReadOnlyList<int> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var words = new float[2 * Colours];
        for (int i = 0; i < targets.Count; i++)
        {
            words[(i * Colours) + targets[i]] = 1;
        }

        return words;
    }

    private void Paint(float[] frame, int cell, float[] colour)
    {
        for (int k = 0; k < 3; k++)
        {
            frame[(k * Cells) + cell] = colour[k];
        }
    }
}
