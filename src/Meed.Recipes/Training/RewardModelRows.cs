using Meed.Evaluation.Studies;
using Meed.Evaluation.Studies.Worlds;
using Meed.RewardModels.Data;
using Meed.Tasks.PreferenceSet;

namespace Meed.Recipes.Training;

/// <summary>The rows of a reward-model recipe: of its files, or of its generated world.</summary>
internal static class RewardModelRows
{
    /// <summary>Reads them from the beginning.</summary>
    public static IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> Read(RewardModelRecipe recipe, PreferenceSetTask? world)
    {
        PreferenceWorld? seen = recipe.World switch
        {
            ShapeCaptionOptions shapes => new ShapeCaptions(shapes),
            ClipInstructionOptions clips => new ClipInstructions(clips),
            RoomStateOptions states => new RoomStates(states),
            _ => null,
        };
        foreach (var row in world is not null ? PreferenceSetRows.All(world, recipe.Seed) : seen?.Rows(recipe.Seed) ?? [])
        {
            yield return row;
        }

        foreach (var file in recipe.Data?.Files ?? [])
        {
            var open = PreferenceFile.Open(RewardModelRecipe.PathOf(file.Path), file.Source, file.Layout);
            foreach (var row in open.Rows())
            {
                yield return (file.Source is { } source ? row with { Source = source } : row, open.Layout.BetterFirst, PromptSplit.PartOf(row));
            }
        }
    }
}
