using Meed.Recipes.Documents;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Server.Hosting;

namespace Meed.Server.Profiles;

/// <summary>The profiles of one YAML file, read again when the file changes.</summary>
/// <remarks>
/// <code>
/// server: { listen: "http://127.0.0.1:8600" }
/// profiles:
///   maths:
///     reward: { numeric-answer: {} }
///     endTokens: ["&lt;|im_end|&gt;"]
/// </code>
/// A file that does not load keeps the profiles that were there and says what is wrong with it.
/// </remarks>
internal sealed class ProfileStore : IDisposable
{
    private readonly string _path;
    private readonly RewardRegistry<TextSample> _registry;
    private readonly Action<string> _log;
    private readonly Timer _timer;
    private volatile IReadOnlyDictionary<string, Profile> _profiles;
    private (DateTime, long) _seen;

    private ProfileStore(string path, RewardRegistry<TextSample> registry, Action<string> log, IReadOnlyDictionary<string, Profile> profiles, TimeSpan poll)
    {
        _path = path;
        _registry = registry;
        _log = log;
        _profiles = profiles;
        _seen = Stamp();

        // Polling: file notifications do not cross network mounts and container layers.
        _timer = new Timer(_ => Reload(), null, poll, poll);
    }

    /// <summary>Names of the profiles, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _profiles.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads the file; throws <see cref="DocumentException"/> with every problem.</summary>
    public static (ServerOptions Options, ProfileStore Store) Open(string path, RewardRegistry<TextSample> registry, Action<string> log, TimeSpan? poll = null)
    {
        var (options, profiles) = Read(path, registry);
        return (options, new ProfileStore(path, registry, log, profiles, poll ?? TimeSpan.FromSeconds(1)));
    }

    /// <summary>The profile for a request; the one named <c>default</c>, or the only one, when the path names none. A profile with a secret path is found by it alone.</summary>
    public Profile? Find(string? name, string? secret)
    {
        var profiles = _profiles;
        Profile? profile = name is not null ? profiles.GetValueOrDefault(name)
            : profiles.GetValueOrDefault("default") ?? (profiles.Count == 1 ? profiles.Values.First() : null);
        return secret is null || (profile?.Options.SecretPath is { } own && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(own), System.Text.Encoding.UTF8.GetBytes(secret))) ? profile : null;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Reads the file again when it changed.</summary>
    internal void Reload()
    {
        var stamp = Stamp();
        if (stamp == _seen)
        {
            return;
        }

        _seen = stamp;
        try
        {
            _profiles = Read(_path, _registry).Profiles;
            _log($"{_path} changed: {_profiles.Count} profiles");
        }
        catch (Exception e) when (e is DocumentException or IOException or UnauthorizedAccessException)
        {
            _log($"{_path} changed but does not load, the profiles stay as they were:{Environment.NewLine}{e.Message}");
        }
    }

    private (DateTime, long) Stamp()
    {
        var file = new FileInfo(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private static (ServerOptions Options, IReadOnlyDictionary<string, Profile> Profiles) Read(string path, RewardRegistry<TextSample> registry)
    {
        var root = YamlReader.ReadFile(path);
        var problems = new ProblemList();
        var binder = new Binder(path, problems);
        binder.Keys(root, "", ["server", "profiles"]);
        var options = binder.Record<ServerOptions>(root["server"], "server");
        var profiles = new Dictionary<string, Profile>(StringComparer.Ordinal);
        if (root["profiles"] is not { Kind: NodeKind.Map } map || map.Entries.Count == 0)
        {
            problems.Add(path, root.Line, "profiles is missing or empty; write profiles: { maths: { reward: { numeric-answer: {} } } }.");
        }
        else
        {
            foreach (var entry in map.Entries)
            {
                string place = $"profiles.{entry.Key}";
                if (entry.Value.Kind != NodeKind.Map || entry.Value["reward"] is not { } reward)
                {
                    problems.Add(path, entry.Line, $"{place} needs a reward, as in {place}: {{ reward: {{ numeric-answer: {{}} }} }}.");
                    continue;
                }

                var settings = new DocumentNode { Kind = NodeKind.Map, Line = entry.Line, Column = entry.Column, Entries = [.. entry.Value.Entries.Where(e => e.Key != "reward")] };
                var own = binder.Record<ProfileOptions>(settings, place);
                if (RewardDocuments.TryBind(reward, registry, path, $"{place}.reward", problems) is { } document)
                {
                    profiles[entry.Key] = new Profile(entry.Key, document.Reward, document.Hash, own);
                }
            }
        }

        problems.ThrowIfAny();
        return (options, profiles);
    }
}
