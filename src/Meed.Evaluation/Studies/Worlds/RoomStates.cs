using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Observations;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Worlds;

/// <summary>Options of <see cref="RoomStates"/>.</summary>
public sealed record RoomStateOptions : SeenWorldOptions
{
    /// <summary>Largest chance that a step of a trajectory is a pause or astray.</summary>
    public double Hesitation { get; init; } = 0.3;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => Hesitation is >= 0 and < 1 ? base.Problems() : base.Problems().Append($"Hesitation is {Hesitation}; it is a chance below 1.");
}

/// <summary>Two trajectories for an instruction to take two objects in order: the one that has come further is better.</summary>
/// <remarks>
/// A state is the agent's place and which of the four objects are taken, six numbers; an action is one of five. A trajectory takes the objects that were asked for, in their order or the other way round, or others, and is cut off
/// somewhere. Further means true progress: objects taken in order, and steps to the next one. Longer trajectories have often come further, so that length is a ruler worth beating.
/// </remarks>
public sealed class RoomStates(RoomStateOptions options) : PreferenceWorld(options)
{
    private const int Side = 7, MostStates = 40;
    private static readonly string[] s_colours = ["red", "green", "blue", "yellow"];

    /// <inheritdoc/>
    protected override Func<RandomStream, PreferenceRow> Begin(RandomStream random)
    {
        var room = new ClipWorld(new ClipOptions { Size = Side, Hesitation = options.Hesitation }, random);
        return draws =>
        {
            int[] targets = ClipWorld.Pair(draws);
            while (true)
            {
                Clip first = Played(room, targets, draws), second = Played(room, targets, draws);
                double a = room.Progress(first, first.Length - 1, targets), b = room.Progress(second, second.Length - 1, targets);
                if (Math.Abs(a - b) > 0.05)
                {
                    return Row("room-states", $"Take the {s_colours[targets[0]]} object, then the {s_colours[targets[1]]} one.", null,
                        new RatedResponse { Observation = new ObservationSource(Seen(first)), Rating = a }, new RatedResponse { Observation = new ObservationSource(Seen(second)), Rating = b });
                }
            }
        };
    }

    private static Clip Played(ClipWorld room, int[] targets, RandomStream random)
    {
        var clip = room.Play(random.NextInt(4) switch { 0 => [targets[1], targets[0]], 1 => ClipWorld.Pair(random), _ => targets }, random);
        return clip.Cut(random.NextInt(2, Math.Min(clip.Length, MostStates) + 1));
    }

    private static Observation Seen(Clip clip)
    {
        const int width = 2 + ClipWorld.Colours, step = width + ClipWorld.Actions;
        var values = new float[clip.Length * step];
        for (int t = 0; t < clip.Length; t++)
        {
            var own = values.AsSpan(t * step, step);
            own[0] = clip.Cells[t] % Side / (Side - 1f);
            own[1] = clip.Cells[t] / Side / (Side - 1f);
            for (int c = 0; c < ClipWorld.Colours; c++)
            {
                own[2 + c] = clip.Taken[t] >> c & 1;
            }

            if (t < clip.Actions.Length)
            {
                own[width + clip.Actions[t]] = 1;
            }
        }

        return new Observation(new ObservationShape(ObservationKind.States, clip.Length, 1, 1, width, ClipWorld.Actions), values);
    }
}
