// Package ink turns any picture of a character into an image like KMNIST's: white ink
// on black, cropped to the ink, with its longer side filling the image and the
// shorter one centred.
//
// A picture may be a photograph: the paper may be unevenly lit, ruled or squared,
// and lie on a table; there may be a box, a frame or stray marks. What is not the
// character is left out, and Glyph says what that was (LeftOut), how many
// characters there seem to be, and where the chosen one is. Use it in front of any
// classifier of single characters.
//
// KMNIST is framed that way. Of its training images the longer side of the
// ink's bounding box (pixels above 0) is 28 of 28 pixels in 97.6 % and 27.97 in
// the mean; of the test images in 98.5 %. The mean margins are above 1.15, below
// 1.18, left 2.49 and right 2.50 pixels (test: 0.73, 0.75, 3.09, 3.09): the
// shorter side is centred by the box and not by the centre of mass, which is
// 0.03 pixels below and 0.17 left of the middle with a deviation of 1.4. The
// brightest pixel is 255 in practically every image.
package ink
