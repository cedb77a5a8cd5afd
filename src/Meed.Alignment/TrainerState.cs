using System.Runtime.InteropServices;
using System.Text;
using Meed.Models;
using Meed.Numerics;
using Meed.Rewards;

namespace Meed.Alignment;

/// <summary>Everything a trainer needs to go on where it stopped, to the same bytes.</summary>
/// <remarks>
/// Random numbers and data positions need no state: every step draws from children of the run's stream that are named by the step. What is left is the step, the policy, the frozen reference,
/// the optimiser and rewards with running statistics.
/// </remarks>
public sealed class TrainerState
{
    private const uint Magic = 0x5453454D;   // "MEST"

    private readonly (string Owner, Parameter Parameter)[] _parameters;
    private readonly Optimizer _optimizer;
    private readonly IStatefulReward? _reward;

    internal TrainerState(string phase, IPolicy policy, IPolicy? reference, Optimizer optimizer, object? reward)
    {
        Phase = phase;
        _parameters = [.. policy.Parameters.Select(p => ("policy", p)), .. (reference?.Parameters ?? []).Select(p => ("reference", p))];
        _optimizer = optimizer;
        _reward = reward as IStatefulReward;
    }

    /// <summary>Which trainer this belongs to: <c>sft</c> or <c>grpo</c>.</summary>
    public string Phase { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; internal set; }

    /// <summary>Wall time spent so far where the trainer has a budget; zero otherwise.</summary>
    public TimeSpan Spent { get; internal set; }

    /// <summary>Writes the state. Call it between steps.</summary>
    public void Save(Stream to)
    {
        ArgumentNullException.ThrowIfNull(to);
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Phase);
        writer.Write(Step);
        writer.Write(Spent.Ticks);
        writer.Write(_parameters.Length);
        foreach (var (owner, parameter) in _parameters)
        {
            writer.Write(owner);
            writer.Write(parameter.Name);
            writer.Write(parameter.Value.Length);
            writer.Write(MemoryMarshal.AsBytes(parameter.Value.ToArray().AsSpan()));
        }

        writer.Write(_reward is not null);
        writer.Flush();
        _optimizer.Save(to);
        _reward?.Save(to);
    }

    /// <summary>Reads a state written by <see cref="Save"/> of the same trainer over the same model.</summary>
    /// <exception cref="InvalidDataException">The state is of another trainer or model, or ends early.</exception>
    public void Load(Stream from)
    {
        ArgumentNullException.ThrowIfNull(from);
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        try
        {
            string phase = reader.ReadUInt32() == Magic ? reader.ReadString() : "no trainer state";
            if (phase != Phase)
            {
                throw new InvalidDataException($"The stored state is '{phase}'; '{Phase}' was expected.");
            }

            long step = reader.ReadInt64();
            var spent = TimeSpan.FromTicks(reader.ReadInt64());
            int count = reader.ReadInt32();
            if (count != _parameters.Length)
            {
                throw new InvalidDataException($"The stored state has {count} parameters of policy and reference; this trainer has {_parameters.Length}.");
            }

            foreach (var (owner, parameter) in _parameters)
            {
                string storedOwner = reader.ReadString(), name = reader.ReadString();
                int length = reader.ReadInt32();
                if (storedOwner != owner || name != parameter.Name || length != parameter.Value.Length)
                {
                    throw new InvalidDataException($"The stored state has {storedOwner} {name} with {length} values where this trainer has {owner} {parameter.Name} with {parameter.Value.Length}. It belongs to another model.");
                }

                var values = new float[length];
                from.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
                parameter.Load(values);
            }

            bool hasReward = reader.ReadBoolean();
            if (hasReward != _reward is not null)
            {
                throw new InvalidDataException($"The stored state {(hasReward ? "has" : "lacks")} the state of a reward, and this trainer's reward {(hasReward ? "keeps none" : "needs one")}. It belongs to another reward.");
            }

            _optimizer.Load(from);
            _reward?.Load(from);
            Step = step;
            Spent = spent;
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"The stored state of '{Phase}' ends early.");
        }
    }
}
