namespace Lposs.Encoders;

/// <summary>What encoders are opened from; a model bundle is that.</summary>
internal interface IEncoderFiles
{
    /// <summary>The vision-language model.</summary>
    ImageEncoderSpec Vlm { get; }

    /// <summary>The vision model.</summary>
    ImageEncoderSpec Vm { get; }

    /// <summary>The text encoder.</summary>
    TextEncoderSpec Text { get; }

    /// <summary>Side of the windows that image encoders get, in pixels.</summary>
    int Crop { get; }

    /// <summary>The full path of one of the files.</summary>
    string PathOf(string file);

    /// <summary>The SHA-256 of one of the files, as hexadecimal digits.</summary>
    string HashOf(string file);
}
