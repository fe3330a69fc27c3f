(** * Step targets in the kernel: sums of step functions of one coordinate each, rational breaks and values

    The targets of verify/CERTIFICATE.md, 4.2: f(x) = g_0(x_0) + ... + g_(d-1)(x_(d-1)), where g_i is constant on
    the pieces [b_j, b_(j+1)) between its breaks, and jumps there. On a closed box that has breaks in it, or at its
    border, the range is that of all pieces that the closed box meets: so enclosures do not need to know which side
    of a jump a point is on. *)

From Coq Require Import Reals QArith Qreals ZArith List Bool Lia Lra.
From Interval Require Import Interval.Interval Float.Basic Real.Xreal Float.Sig.
From Approxcert Require Import Sums GridBoxes Computing ErrorCertificate.
Import ListNotations.
Local Open Scope R_scope.

(** A step function of one coordinate: its first value, then its breaks from left to right, each with the value from
    there on. *)
Definition axis_steps := (Q * list (Q * Q))%type.

Fixpoint steps_at (value : Q) (later : list (Q * Q)) (t : R) : Q :=
  match later with
  | [] => value
  | (b, next) :: rest => if Rlt_dec t (Q2R b) then value else steps_at next rest t
  end.

(** The target. *)
Fixpoint step_target (axes : list axis_steps) (x : list R) : R :=
  match axes, x with
  | g :: axes', t :: x' => Q2R (steps_at (fst g) (snd g) t) + step_target axes' x'
  | _, _ => 0
  end.

(** ** Ranges *)

(** The breaks with the values as intervals, computed once. *)
Definition ready_steps := (Intervals.type * list (Q * Intervals.type))%type.
Definition of_value : Q -> Intervals.type := Averages.B.of_Q precision.
Definition ready (g : axis_steps) : ready_steps :=
  (of_value (fst g), map (fun p => (fst p, of_value (snd p))) (snd g)).

(** The values in [k/M, (k+1)/M]: all t there are below the break b, or none is, or there may be some of both. *)
Fixpoint steps_range (value : Intervals.type) (later : list (Q * Intervals.type)) (M k : Z) : Intervals.type :=
  match later with
  | [] => value
  | (b, next) :: rest =>
      let place := (Qnum b * M)%Z in
      let den := Zpos (Qden b) in
      if ((k + 1) * den <? place)%Z then value
      else if (place <=? k * den)%Z then steps_range next rest M k
      else Intervals.join value (steps_range next rest M k)
  end.

Fixpoint sum_ranges (axes : list ready_steps) (M : Z) (ks : list Z) : Intervals.type :=
  match axes, ks with
  | g :: axes', k :: ks' => Intervals.add precision (steps_range (fst g) (snd g) M k) (sum_ranges axes' M ks')
  | _, _ => Averages.zero precision
  end.

Definition step_ranges (axes : list axis_steps) (M : Z) : list Z -> Intervals.type :=
  let prepared := map ready axes in sum_ranges prepared M.

Lemma steps_range_sound : forall later value M k t, (0 < M)%Z -> in_interval M k t ->
  Averages.B.encloses
    (steps_range (of_value value) (map (fun p => (fst p, of_value (snd p))) later) M k) (Q2R (steps_at value later t)).
Proof.
  induction later as [|[b next] rest IH]; intros value M k t HM Ht; [exact (Averages.B.of_Q_sound precision value)|].
  cbn [map fst snd steps_range steps_at]. specialize (IH next M k t HM Ht).
  destruct Ht as [H0 H1]. assert (HR : 0 < IZR M) by (apply IZR_lt; assumption).
  assert (HD : 0 < IZR (Zpos (Qden b))) by (apply IZR_lt; lia).
  assert (HB : Q2R b * (IZR (Zpos (Qden b)) * IZR M) = IZR (Qnum b * M)).
  { unfold Q2R. rewrite mult_IZR. field. lra. }
  assert (L : IZR k * IZR (Zpos (Qden b)) <= t * (IZR (Zpos (Qden b)) * IZR M)).
  { apply Rmult_le_compat_r with (r := IZR (Zpos (Qden b)) * IZR M) in H0; [|nra].
    replace (IZR k / IZR M * (IZR (Zpos (Qden b)) * IZR M)) with (IZR k * IZR (Zpos (Qden b))) in H0 by (field; lra).
    exact H0. }
  assert (U : t * (IZR (Zpos (Qden b)) * IZR M) <= (IZR k + 1) * IZR (Zpos (Qden b))).
  { apply Rmult_le_compat_r with (r := IZR (Zpos (Qden b)) * IZR M) in H1; [|nra].
    replace ((IZR k + 1) / IZR M * (IZR (Zpos (Qden b)) * IZR M)) with ((IZR k + 1) * IZR (Zpos (Qden b))) in H1
      by (field; lra).
    exact H1. }
  assert (HP : 0 < IZR (Zpos (Qden b)) * IZR M) by nra.
  destruct ((k + 1) * Zpos (Qden b) <? Qnum b * M)%Z eqn:E1.
  - apply Z.ltb_lt, IZR_lt in E1. rewrite mult_IZR, plus_IZR, <- HB in E1.
    destruct (Rlt_dec t (Q2R b)) as [_|N]; [exact (Averages.B.of_Q_sound precision value)|]. exfalso. apply N.
    apply Rmult_lt_reg_r with (1 := HP). lra.
  - destruct (Qnum b * M <=? k * Zpos (Qden b))%Z eqn:E2.
    + apply Z.leb_le, IZR_le in E2. rewrite <- HB, mult_IZR in E2.
      destruct (Rlt_dec t (Q2R b)) as [N|_]; [|exact IH]. exfalso.
      apply Rmult_lt_compat_r with (1 := HP) in N. lra.
    + destruct (Rlt_dec t (Q2R b)) as [_|_]; apply Intervals.join_correct; [left|right; exact IH].
      exact (Averages.B.of_Q_sound precision value).
Qed.

Lemma step_in_boxes : forall d axes, Averages.encloses_in_boxes d (step_target axes) (step_ranges axes).
Proof.
  intros d axes M ks x HM _. unfold step_ranges. cbv zeta. revert ks x.
  induction axes as [|g axes IH]; intros ks x H; cbn [map sum_ranges step_target]; [exact (Averages.B.of_Z_sound precision 0)|].
  destruct H as [|k t ks x Ht H]; [exact (Averages.B.of_Z_sound precision 0)|].
  apply (Averages.B.add_sound precision _ _ _ _ (steps_range_sound (snd g) (fst g) M k t HM Ht)), IH, H.
Qed.
