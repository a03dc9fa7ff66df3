using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lposs.Bundles;
using Lposs.Files;

namespace Lposs.Tools.Import;

/// <summary>Gives a bundle that was made by hand a self-test.</summary>
internal static class BundleSelfTest
{
    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Runs the encoders, writes down what they give, and lists it in the manifest.</summary>
    /// <param name="folder">A bundle without a self-test.</param>
    /// <param name="cancellationToken">Looked at between batches of an encoder.</param>
    /// <returns>The bundle with it.</returns>
    /// <exception cref="LpossException">It has one, or another file by that name.</exception>
    /// <exception cref="LpossException">It is no bundle, or an encoder does not run.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static ModelBundle Add(string folder, CancellationToken cancellationToken = default)
    {
        var bundle = ModelBundle.Open(folder);
        string path = bundle.PathOf(SelfTest.FileName);
        if (bundle.SelfTestFile is { } file)
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{bundle.Folder} has a self-test, {file}; what it records is not replaced."
            );
        if (bundle.Files.Any(listed => listed.Path == SelfTest.FileName))
            throw new LpossException(LpossErrorCode.ImportFailed, $"{path} is there and something else; rename it.");
        var test = ModelSelfTest.Record(bundle, SelfTest.SingleTolerance, cancellationToken);
        AtomicFile.Write(path, test.Write);

        string manifestPath = bundle.PathOf(ModelBundle.ManifestName);
        var manifest = JsonNode.Parse(File.ReadAllBytes(manifestPath))!.AsObject();
        byte[] content = File.ReadAllBytes(path);
        manifest["files"]!
            .AsArray()
            .Add(
                new JsonObject
                {
                    ["path"] = SelfTest.FileName,
                    ["bytes"] = content.Length,
                    ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)),
                }
            );
        manifest["self_test"] = SelfTest.FileName;
        AtomicFile.Write(
            manifestPath,
            stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString(s_readable) + "\n"))
        );
        return ModelBundle.Open(folder);
    }
}
