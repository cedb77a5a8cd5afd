using Meed.Evaluation.Studies.Clips;
using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Observations;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Worlds;

/// <summary>Options of <see cref="ClipInstructions"/>.</summary>
public sealed record ClipInstructionOptions : SeenWorldOptions;

/// <summary>Two clips for an instruction: one follows it, the other does something else with the same object or the same with another one.</summary>
/// <remarks>Clips of eight frames in a room of four objects: approach, stay near or leave one of them. To leave is to approach backwards, so that single frames cannot tell the two apart.</remarks>
public sealed class ClipInstructions(ClipInstructionOptions options) : PreferenceWorld(options)
{
    private const int Side = 7;
    private static readonly string[] s_verbs = ["Approach", "Stay near", "Leave"], s_colours = ["red", "green", "blue", "yellow"];

    /// <inheritdoc/>
    protected override Func<RandomStream, PreferenceRow> Begin(RandomStream random)
    {
        var room = new ClipWorld(new ClipOptions { Size = Side }, random);
        return draws =>
        {
            int verb = draws.NextInt(VerbClips.Verbs), colour = draws.NextInt(ClipWorld.Colours);
            var (otherVerb, otherColour) = draws.NextBool() ? ((verb + draws.NextInt(1, VerbClips.Verbs)) % VerbClips.Verbs, colour) : (verb, (colour + draws.NextInt(1, ClipWorld.Colours)) % ClipWorld.Colours);
            RatedResponse right = Shown(verb, colour, 1), wrong = Shown(otherVerb, otherColour, 0);
            bool first = draws.NextBool();
            return Row("clip-instructions", $"{s_verbs[verb]} the {s_colours[colour]} object.", null, first ? right : wrong, first ? wrong : right);

            RatedResponse Shown(int v, int c, double rating) => new()
            {
                Observation = new ObservationSource(new Observation(new ObservationShape(ObservationKind.Clip, VerbClips.Frames, 3, Side, Side), Pixels(VerbClips.Draw(room, v, c, draws)))), Rating = rating,
            };
        };
    }
}
