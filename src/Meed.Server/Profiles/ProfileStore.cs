using Meed.Judges;
using Meed.Recipes.Documents;
using Meed.Rewards;
using Meed.Rewards.Code;
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
///   essays:
///     judge: { url: "http://127.0.0.1:8000/v1" }
///     reward: { type: score_model, ... }
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
    private readonly Dictionary<JudgeOptions, JudgeClient> _judges = [];
    private (DateTime, long) _seen;

    private ProfileStore(string path, RewardRegistry<TextSample> registry, Action<string> log, TimeSpan poll)
    {
        _path = path;
        _registry = registry;
        _log = log;
        _seen = Stamp();
        (Options, _profiles) = Read();

        // Polling: file notifications do not cross network mounts and container layers.
        _timer = new Timer(_ => Reload(), null, poll, poll);
    }

    /// <summary>Settings of the whole server, as they were when the file was first read.</summary>
    public ServerOptions Options { get; }

    /// <summary>The rewards that profiles may name.</summary>
    public RewardRegistry<TextSample> Registry => _registry;

    /// <summary>Names of the profiles, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _profiles.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads the file; throws <see cref="DocumentException"/> with every problem.</summary>
    public static (ServerOptions Options, ProfileStore Store) Open(string path, RewardRegistry<TextSample> registry, Action<string> log, TimeSpan? poll = null)
    {
        var store = new ProfileStore(path, registry, log, poll ?? TimeSpan.FromSeconds(1));
        return (store.Options, store);
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

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var judge in _judges.Values)
        {
            judge.Dispose();
        }
    }

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
            _profiles = Read().Profiles;
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

    private (ServerOptions Options, IReadOnlyDictionary<string, Profile> Profiles) Read()
    {
        string path = _path;
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
                bool allows = entry.Value.Kind == NodeKind.Map && (entry.Value["allow-code"] ?? entry.Value["allowCode"]) is { Text: "true" };
                var reward = entry.Value.Kind == NodeKind.Map ? entry.Value["reward"] ?? (allows ? DocumentJson.Read("""{"code":{}}""", path) : null) : null;
                if (reward is null)
                {
                    problems.Add(path, entry.Line, $"{place} needs a reward, as in {place}: {{ reward: {{ numeric-answer: {{}} }} }}.");
                    continue;
                }

                var settings = new DocumentNode { Kind = NodeKind.Map, Line = entry.Line, Column = entry.Column, Entries = [.. entry.Value.Entries.Where(e => e.Key is not ("reward" or "judge")).Select(e => e.Key == "allow-code" ? e with { Key = "allowCode" } : e)] };
                var own = binder.Record<ProfileOptions>(settings, place);
                var judge = Judge(entry.Value["judge"], binder, $"{place}.judge");
                var registry = judge is null ? _registry : _registry.With(new JudgeEndpoint(judge));
                if (RewardDocuments.TryBind(reward, registry, path, $"{place}.reward", problems) is { } document)
                {
                    if (document.RunsPrograms && !own.AllowCode)
                    {
                        problems.Add(path, reward.Line, $"{place}.reward runs programs that arrive by request; write allow-code: true beside it when that is meant.");
                    }

                    if (own.AllowCode && CodeSandbox.Default.Missing is { } missing)
                    {
                        problems.Add(path, entry.Line, $"{place}.allow-code: {missing}");
                    }

                    profiles[entry.Key] = new Profile(entry.Key, document.Reward, document.Hash, own, document.RunsPrograms) { Judge = judge ?? _registry.Service<JudgeEndpoint>()?.Client };
                }
            }
        }

        problems.ThrowIfAny();
        return (options, profiles);
    }

    // A judge whose settings did not change keeps its client, and with it the bound on requests, when the file is read again.
    private JudgeClient? Judge(DocumentNode? node, Binder binder, string place)
    {
        if (node is null)
        {
            return null;
        }

        if (node.IsNull)
        {
            binder.Problems.Add(binder.File, node.Line, $"{place} has no value; write {{ url: .. }}, or leave the key out for a profile that asks no judge.");
            return null;
        }

        int before = binder.Problems.Items.Count;
        var options = binder.Record<JudgeOptions>(node, place);
        return binder.Problems.Items.Count != before ? null : _judges.TryGetValue(options, out var known) ? known : _judges[options] = new JudgeClient(options);
    }
}
