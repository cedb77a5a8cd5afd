using Meed.Numerics;
using Meed.RewardModels.Images;
using Meed.Tasks.Shapes;

namespace Meed.Evaluation.Studies.Captions;

/// <summary>A caption as words, and which of its three facts (shape, colour, corner) are wrong.</summary>
/// <param name="Words">Word numbers: three facts between words that say nothing.</param>
/// <param name="Facts">Places of the facts in <paramref name="Words"/>: shape, colour, corner.</param>
/// <param name="Wrong">Whether each is wrong.</param>
internal sealed record Caption(int[] Words, int[] Facts, bool[] Wrong)
{
    /// <summary>Wrong facts, 0 to 3.</summary>
    public int Errors => Wrong.Count(w => w);
}

/// <summary>Pictures of shapes and captions of them with wrong facts and empty words.</summary>
internal static class CaptionWorld
{
    /// <summary>Words that say nothing.</summary>
    public const int Fillers = 4;

    /// <summary>Words of the vocabulary.</summary>
    public const int Vocabulary = ShapeScenes.CaptionWidth + Fillers;

    /// <summary>Values of shape, colour and corner.</summary>
    public static IReadOnlyList<int> Values { get; } = [ShapeScenes.Shapes, ShapeScenes.Colours, ShapeScenes.Corners];

    /// <summary>A network over pictures and captions.</summary>
    public static PatchTransformer Network(RandomStream random, int outputs = 1) => new(new PatchTransformerOptions { Words = Vocabulary, Outputs = outputs }, random);

    /// <summary>The picture of a scene, lightly noised.</summary>
    public static float[] Picture(ShapeScene scene, RandomStream random) => ShapeScenes.Picture(scene, 0.7, random);

    /// <summary>The word of a fact.</summary>
    public static int Word(int attribute, int value) => (attribute == 0 ? 0 : attribute == 1 ? ShapeScenes.Shapes : ShapeScenes.Shapes + ShapeScenes.Colours) + value;

    /// <summary>A caption of a scene.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="error">Chance of each fact to be wrong.</param>
    /// <param name="mostFillers">Most empty words; their number is drawn.</param>
    /// <param name="random">Draws it.</param>
    public static Caption Draw(ShapeScene scene, double error, int mostFillers, RandomStream random)
    {
        bool[] wrong = [.. Enumerable.Range(0, 3).Select(_ => random.NextBool(error))];
        var said = scene;
        for (int attribute = 0; attribute < 3; attribute++)
        {
            int shift = random.NextInt(1, Values[attribute]);
            said = wrong[attribute] ? said.Altered(attribute, shift) : said;
        }

        var words = new List<int> { Word(0, said.Shape), Word(1, said.Colour), Word(2, said.Corner) };
        int fillers = random.NextInt(mostFillers + 1);
        for (int i = 0; i < fillers; i++)
        {
            words.Insert(random.NextInt(words.Count + 1), ShapeScenes.CaptionWidth + random.NextInt(Fillers));
        }

        return new Caption([.. words], [.. Enumerable.Range(0, 3).Select(a => words.FindIndex(w => Attribute(w) == a))], wrong);
    }

    /// <summary>Which attribute a word names: 0 shape, 1 colour, 2 corner, 3 none.</summary>
    public static int Attribute(int word) => word < ShapeScenes.Shapes ? 0 : word < ShapeScenes.Shapes + ShapeScenes.Colours ? 1 : word < ShapeScenes.CaptionWidth ? 2 : 3;
}
