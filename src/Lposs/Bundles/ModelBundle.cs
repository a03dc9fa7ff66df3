using Lposs.Encoders;
using Lposs.Json;

namespace Lposs.Bundles;

/// <summary>
/// A model bundle: a folder with <c>model.json</c> (the manifest), ONNX encoders and what belongs to them. Opening
/// checks the manifest and the size and SHA-256 of every file that it lists; the encoders themselves are opened by
/// <c>ImageEncoder</c> and <c>TextEncoder</c>. Immutable, so any number of threads
/// may use one.
/// </summary>
public sealed class ModelBundle : IEncoderFiles
{
    /// <summary>The version of the manifest that this library reads.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The manifest's name in a bundle's folder.</summary>
    public const string ManifestName = "model.json";

    private const long ManifestMaxBytes = 1 << 20;

    private ModelBundle(string folder, JsonObjectReader manifest)
    {
        Folder = folder;
        RequireSchema(manifest);
        Name = manifest.Text("name");
        Description = manifest.Text("description");
        Licence = manifest.Text("licence");
        Origin = manifest.Text("origin");
        Files = [.. manifest.Objects("files").Select(BundleFile.Read)];
        Image = ImageSpec.Read(manifest.OptionalObject("image"));
        Vlm = ImageEncoderSpec.Read(manifest.Object("vlm"));
        Vm = ImageEncoderSpec.Read(manifest.Object("vm"));
        Text = TextEncoderSpec.Read(manifest.Object("text"));
        Parameters = ParametersManifest.Read(manifest.OptionalObject("parameters"));
        string? knownWords = manifest.OptionalText("known_words");
        SelfTestFile = manifest.OptionalText("self_test");
        manifest.RejectUnknown();

        RequireListed(manifest, knownWords);
        if (Vlm.SharesInput(Vm) && !Vlm.TakesWindowsOf(Vm))
            throw manifest.Error(
                "vm",
                $"has the input of vlm ({Vm.File}, {Vm.Input}), so mean, std and patch_size must be those of vlm."
            );
        foreach (var file in Files)
            file.Verify(folder);
        if (knownWords is not null)
            KnownWords = KnownWords.Read(PathOf(knownWords));
    }

    private ModelBundle(ModelBundle other)
    {
        Folder = other.Folder;
        Name = other.Name;
        Description = other.Description;
        Licence = other.Licence;
        Origin = other.Origin;
        Files = other.Files;
        Image = other.Image;
        Vlm = other.Vlm;
        Vm = other.Vm;
        Text = other.Text;
        Parameters = other.Parameters;
        KnownWords = other.KnownWords;
        SelfTestFile = other.SelfTestFile;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>The bundle's name.</summary>
    public string Name { get; }

    /// <summary>What it is for, in a sentence or two.</summary>
    public string Description { get; }

    /// <summary>The licence of the weights.</summary>
    public string Licence { get; }

    /// <summary>Where the weights come from.</summary>
    public string Origin { get; }

    /// <summary>Every file that belongs to the bundle, but for the manifest.</summary>
    internal IReadOnlyList<BundleFile> Files { get; }

    /// <summary>How images are brought before the encoders.</summary>
    internal ImageSpec Image { get; }

    /// <summary>The vision-language model: patch features in the space of the text embeddings.</summary>
    internal ImageEncoderSpec Vlm { get; }

    /// <summary>The vision model: patch features that the appearance graph compares.</summary>
    internal ImageEncoderSpec Vm { get; }

    /// <summary>The text encoder.</summary>
    internal TextEncoderSpec Text { get; private init; }

    /// <summary>The method's parameters for these features.</summary>
    public PropagationParameters Parameters { get; }

    /// <summary>The words that the encoders were taught; null where the bundle names none.</summary>
    internal KnownWords? KnownWords { get; }

    /// <summary>The file with what the encoders said when the bundle was made, for <see cref="ModelSelfTest"/>; null
    /// where it has none.</summary>
    internal string? SelfTestFile { get; }

    /// <summary>The folder of the bundle that comes with the program.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "models", "mini");

    /// <summary>Opens the bundle that comes with the program.</summary>
    /// <exception cref="LpossException">It is not there or damaged.</exception>
    public static ModelBundle OpenDefault() => Open(DefaultFolder);

    /// <summary>Opens the bundle in a folder.</summary>
    /// <exception cref="LpossException">Something in it is missing, wrong or damaged; the message names it.</exception>
    public static ModelBundle Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string full = Path.GetFullPath(folder);
        if (!Directory.Exists(full))
            throw new LpossException(
                LpossErrorCode.InvalidBundle,
                $"{full} is not a folder; a model bundle is a folder with {ManifestName} in it."
            );
        string path = Path.Combine(full, ManifestName);
        using var json = JsonFile.Read(path, ManifestMaxBytes, LpossErrorCode.InvalidBundle);
        return new ModelBundle(full, JsonObjectReader.Of(json, path, LpossErrorCode.InvalidBundle));
    }

    /// <summary>The same bundle with other prompt templates.</summary>
    /// <param name="templates">One or more, each with one "{}" where the prompt goes; <see cref="PromptTemplates"/> has
    /// some.</param>
    /// <exception cref="ArgumentException">There is none, or one is no template.</exception>
    public ModelBundle WithTemplates(IReadOnlyList<string> templates)
    {
        ArgumentNullException.ThrowIfNull(templates);
        if (
            templates.Count == 0
            || templates.FirstOrDefault(template => !PromptTemplates.IsTemplate(template)) is not null
        )
            throw new ArgumentException(
                "templates must be one or more, each with one {} where the prompt goes.",
                nameof(templates)
            );
        return new ModelBundle(this) { Text = Text with { Templates = [.. templates] } };
    }

    /// <summary>The full path of a file that the manifest lists.</summary>
    internal string PathOf(string file) => Path.Combine(Folder, file);

    ImageEncoderSpec IEncoderFiles.Vlm => Vlm;

    ImageEncoderSpec IEncoderFiles.Vm => Vm;

    TextEncoderSpec IEncoderFiles.Text => Text;

    int IEncoderFiles.Crop => Image.Crop;

    string IEncoderFiles.PathOf(string file) => PathOf(file);

    string IEncoderFiles.HashOf(string file) => Files.First(listed => listed.Path == file).Sha256;

    private static void RequireSchema(JsonObjectReader manifest)
    {
        int schema = manifest.Integer("schema", 1, int.MaxValue);
        if (schema != SchemaVersion)
            throw manifest.Error("schema", $"is {schema}; this version reads {SchemaVersion}.");
    }

    private void RequireListed(JsonObjectReader manifest, string? knownWords)
    {
        var listed = new HashSet<string>();
        foreach (var file in Files)
        {
            if (!listed.Add(file.Path))
                throw manifest.Error("files", $"lists '{file.Path}' twice.");
        }

        IEnumerable<(string Member, string? File)> named =
        [
            ("vlm.file", Vlm.File),
            ("vm.file", Vm.File),
            ("text.file", Text.File),
            .. Text.Tokenizer.Files.Select(file => ($"text.tokenizer.files.{file.Key}", (string?)file.Value)),
            ("known_words", knownWords),
            ("self_test", SelfTestFile),
        ];
        foreach (var (member, file) in named)
        {
            if (file is not null && !listed.Contains(file))
                throw manifest.Error(member, $"is '{file}', which files does not list.");
        }
    }
}
