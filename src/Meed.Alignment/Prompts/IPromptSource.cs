using Meed.Models;
using Meed.Numerics;

namespace Meed.Alignment.Prompts;

/// <summary>Where a trainer's prompts come from. It holds no position: the stream decides what is drawn, so that a resumed run draws the same.</summary>
public interface IPromptSource
{
    /// <summary>Prompts for one step.</summary>
    PromptBatch Draw(int count, RandomStream random);
}
