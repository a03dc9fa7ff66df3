using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Lposs.Encoders;

/// <summary>
/// All that the bits of a prompt's embedding depend on beside the prompt: the text encoder and the tokenizer, by the
/// hashes of their files, the templates, ONNX Runtime's version, and what it computes on.
/// </summary>
internal sealed class PromptCacheKey
{
    // To be raised when this program forms embeddings in another way.
    private const int Version = 1;

    private readonly byte[] _hash;

    private PromptCacheKey(byte[] hash) => _hash = hash;

    public static PromptCacheKey Of(IEncoderFiles bundle, EncoderOptions options)
    {
        var text = bundle.Text;
        return new PromptCacheKey(
            HashOf(writer =>
            {
                writer.Write(Version);
                writer.Write(EncoderRuntime.Version);
                writer.Write(options.Device.ToString());
                writer.Write(options.Device == EncoderDevice.Cpu ? InstructionSets() : options.DeviceName);
                writer.Write(bundle.HashOf(text.File));
                writer.Write(text.Input);
                writer.Write(text.Output);
                writer.Write(text.ContextLength);
                writer.Write(text.Tokenizer.Start);
                writer.Write(text.Tokenizer.End);
                foreach (var (what, file) in text.Tokenizer.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
                {
                    writer.Write(what);
                    writer.Write(bundle.HashOf(file));
                }
                writer.Write(text.Templates.Count);
                foreach (string template in text.Templates)
                    writer.Write(template);
            })
        );
    }

    /// <summary>The SHA-256 of this and a prompt.</summary>
    public byte[] With(string prompt) =>
        HashOf(writer =>
        {
            writer.Write(_hash);
            writer.Write(prompt);
        });

    /// <summary>A writer puts the length before each string, so that no two keys are written alike.</summary>
    private static byte[] HashOf(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
            write(writer);
        return SHA256.HashData(bytes.ToArray());
    }

    /// <summary>ONNX Runtime has kernels for each of these, and they round differently.</summary>
    private static string InstructionSets()
    {
        (string Name, bool Has)[] sets =
        [
            ("avx2", Avx2.IsSupported),
            ("fma", Fma.IsSupported),
            ("avx-vnni", AvxVnni.IsSupported),
            ("avx512f", Avx512F.IsSupported),
            ("avx512bw", Avx512BW.IsSupported),
            ("avx512vbmi", Avx512Vbmi.IsSupported),
            ("dotprod", Dp.IsSupported),
        ];
        return string.Join(' ', sets.Where(set => set.Has).Select(set => set.Name).Prepend(Architecture));
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString();
}
