using System.Runtime.InteropServices;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Imaging;

namespace Lposs.Cli.Commands.Doctor;

/// <summary>What is installed here and what of it works: each part is tried, and a failure is a finding.</summary>
internal sealed class Installation
{
    private const string Rebuild = "run ./build.sh build, or put the library of the same release beside the program";

    private readonly Dictionary<string, string> _versions = [];
    private readonly List<DeviceDocument> _devices = [];
    private readonly List<MissingDocument> _missing = [];

    private Installation()
    {
        _versions["lposs"] = Program.Version;
        bool core = TryPart("core", "the core, liblposs.so", Rebuild, ExamineCore);
        bool encoders = TryPart("ONNX Runtime", "ONNX Runtime, libonnxruntime.so", Rebuild, ExamineEncoders);
        bool images = TryPart(
            "libvips",
            "the image decoder, libvips.so.42",
            Rebuild,
            () => _versions["libvips"] = Image.DecoderVersion
        );
        bool bundle = TryPart(
            "bundled model",
            "the model bundle that comes with lposs",
            "build or install lposs again, or name another bundle with --model",
            () => _versions["bundled model"] = ModelBundle.OpenDefault().Name
        );
        _versions[".NET"] = Environment.Version.ToString();
        _versions["system"] =
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, "
            + $"{Environment.ProcessorCount} processors";
        CpuWorks = core && encoders && images && bundle && AllWork("cpu");
        CudaWorks = core && encoders && AllWork("cuda");
        Libraries = LoadedLibraries.List();
    }

    public bool CpuWorks { get; }

    public bool CudaWorks { get; }

    public IReadOnlyDictionary<string, string> Versions => _versions;

    public IReadOnlyList<DeviceDocument> Devices => _devices;

    public IReadOnlyList<LibraryDocument> Libraries { get; }

    /// <summary>What stops the CPU comes first.</summary>
    public IReadOnlyList<MissingDocument> Missing => _missing;

    public static Installation Examine() => new();

    public DoctorDocument Document() => new("doctor", CpuWorks, CudaWorks, Versions, Devices, Libraries, Missing);

    private void ExamineCore()
    {
        _versions["core"] = LpossLibrary.Version;
        var cpu = LpossLibrary.Probe(LpossDevice.Cpu);
        _devices.Add(new DeviceDocument("core", "cpu", cpu.IsAvailable, cpu.Name, cpu.Problem));
        var cuda = LpossLibrary.Probe(LpossDevice.Cuda);
        _devices.Add(
            cuda.Problem is { } found && CudaRemedy.ForCore(found) is var (problem, remedy)
                ? new DeviceDocument("core", "cuda", false, null, problem, remedy)
                : new DeviceDocument("core", "cuda", cuda.IsAvailable, cuda.Name, null)
        );
        _missing.AddRange(CudaPieces.ForCore());
    }

    private void ExamineEncoders()
    {
        _versions["ONNX Runtime"] = EncoderRuntime.Version;
        _devices.Add(new DeviceDocument("encoders", "cpu", true, string.Join(", ", EncoderRuntime.Providers), null));
        _devices.Add(
            EncoderRuntime.FindCudaProblem() is { } found
            && CudaRemedy.ForEncoders(found, EncoderRuntime.Providers) is var (problem, remedy)
                ? new DeviceDocument("encoders", "cuda", false, null, problem, remedy)
                : new DeviceDocument("encoders", "cuda", true, "CUDAExecutionProvider", null)
        );
        _missing.AddRange(CudaPieces.ForEncoders(EncoderRuntime.Providers));
    }

    private bool AllWork(string device) => _devices.Where(found => found.Device == device).All(found => found.Works);

    /// <summary>Tries a part without which nothing works.</summary>
    private bool TryPart(string version, string what, string remedy, Action examine)
    {
        try
        {
            examine();
            return true;
        }
        catch (Exception error)
            when (error
                    is LpossException
                        or DllNotFoundException
                        or BadImageFormatException
                        or EntryPointNotFoundException
                        or TypeInitializationException
            )
        {
            _versions[version] = "not usable";
            string problem = (
                error is TypeInitializationException { InnerException: { } cause } ? cause : error
            ).Message;
            _missing.Insert(0, new MissingDocument(what, problem.Split('\n')[0], remedy));
            return false;
        }
    }
}
